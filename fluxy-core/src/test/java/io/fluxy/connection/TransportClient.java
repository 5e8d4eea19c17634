package io.fluxy.connection;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client on a raw socket: says exactly the bytes a test wants, right or wrong. */
public final class TransportClient implements Closeable {
  /** The key of RFC 6455, section 1.3. */
  public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  private static final int PATIENCE_MS = 20_000;
  private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  private TransportClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  public static TransportClient connect(int port) throws IOException {
    return connect(new Socket(), port);
  }

  /**
   * A client whose kernel takes in little, so that what it does not read soon holds the server up.
   */
  public static TransportClient narrow(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    return connect(socket, port);
  }

  private static TransportClient connect(Socket socket, int port) throws IOException {
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new TransportClient(socket);
  }

  /** Connects and upgrades. */
  public static TransportClient webSocket(int port, String target) throws IOException {
    return connect(port).upgrade(target);
  }

  public TransportClient upgrade(String target) throws IOException {
    askUpgrade(target);
    Answer answer = head();
    if (answer.status != 101) {
      throw new IOException("no upgrade: " + answer.status);
    }
    return this;
  }

  public void askUpgrade(String target, String... moreHeaders) throws IOException {
    say(
        "GET " + target + " HTTP/1.1",
        "Host: localhost",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: " + KEY,
        String.join("\r\n", moreHeaders) + (moreHeaders.length > 0 ? "\r\n" : ""));
  }

  /** A request head; the last line must be empty, or hold the last headers and an empty line. */
  public void say(String... lines) throws IOException {
    raw((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  public void raw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  public void text(String text) throws IOException {
    raw(frame(0x80 | TEXT, text.getBytes(StandardCharsets.UTF_8)));
  }

  public void close(int code, String reason) throws IOException {
    raw(frame(0x80 | CLOSE, farewell(code, reason)));
  }

  public static byte[] farewell(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    byte[] payload = new byte[2 + text.length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, text.length);
    return payload;
  }

  /** A masked frame. */
  public static byte[] frame(int flags, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 14);
    frame.write(flags);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else if (payload.length < 65_536) {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >> shift));
      }
    }
    frame.writeBytes(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ MASK[i & 3]);
    }
    return frame.toByteArray();
  }

  /** A frame from the server. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Frame(boolean fin, int opcode, byte[] payload) {
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** Of a close frame; 1005 if there is none. */
    public int code() {
      return payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
    }

    public String reason() {
      return payload.length < 2
          ? ""
          : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }
  }

  /** The next frame, of whatever kind. */
  public Frame frame() throws IOException {
    int flags = in.readUnsignedByte();
    int size = in.readUnsignedByte();
    if ((flags & 0x70) != 0 || (size & 0x80) != 0) {
      throw new IOException("a server frame with reserved bits or a mask");
    }
    long length = size;
    if (size == 126) {
      length = in.readUnsignedShort();
    } else if (size == 127) {
      length = in.readLong();
    }
    byte[] payload = new byte[(int) length];
    in.readFully(payload);
    return new Frame((flags & 0x80) != 0, flags & 0x0F, payload);
  }

  /** The next message, whether fragmented or not; fails on any other kind of frame. */
  public String text() throws IOException {
    Frame frame = frame();
    StringBuilder text = new StringBuilder(expect(frame, TEXT).text());
    while (!frame.fin()) {
      frame = frame();
      text.append(expect(frame, CONTINUATION).text());
    }
    return text.toString();
  }

  /** The next frame that is no text. */
  public Frame control() throws IOException {
    Frame frame = frame();
    while (frame.opcode() == TEXT || frame.opcode() == CONTINUATION) {
      frame = frame();
    }
    return frame;
  }

  private static Frame expect(Frame frame, int opcode) throws IOException {
    if (frame.opcode() != opcode) {
      throw new IOException("opcode " + frame.opcode() + " instead of " + opcode);
    }
    return frame;
  }

  /** An HTTP answer. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(int status, Map<String, String> headers, byte[] body) {
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** A whole answer with a length. */
  public Answer answer() throws IOException {
    Answer head = head();
    byte[] body =
        new byte
            [Integer.parseInt(
                head.header("content-length").isEmpty() ? "0" : head.header("content-length"))];
    in.readFully(body);
    return new Answer(head.status, head.headers, body);
  }

  /** The head of an answer; header names in lower case. */
  public Answer head() throws IOException {
    String status = line();
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Answer(Integer.parseInt(status.substring(9, 12)), headers, new byte[0]);
  }

  /** One line, without its end. */
  public String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  /**
   * One chunk of a chunked body; empty at its end. Some servers send its line end only with the
   * next.
   */
  public String chunk() throws IOException {
    String size = line();
    byte[] chunk = new byte[Integer.parseInt(size.isEmpty() ? line() : size, 16)];
    in.readFully(chunk);
    return new String(chunk, StandardCharsets.UTF_8);
  }

  /** Waits for the end of a chunked body, or until the server has closed. */
  public void bodyEnds() throws IOException {
    try {
      while (!chunk().isEmpty()) {
        // a piece of the body
      }
    } catch (EOFException | SocketException e) {
      // gone, and the body with it
    }
  }

  /** Waits until the server has closed; whatever else it sends is ignored. */
  public void gone() throws IOException {
    try {
      InputStream rest = in;
      rest.skip(Long.MAX_VALUE);
      while (rest.read() >= 0) {
        rest.skip(Long.MAX_VALUE);
      }
    } catch (SocketException e) {
      // reset: gone as well
    }
  }

  /** Waits so long for the server to close; answers are ignored. */
  public boolean isGone(int waitMs) throws IOException {
    socket.setSoTimeout(waitMs);
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      socket.setSoTimeout(PATIENCE_MS);
    }
  }

  /** Everything up to the end. */
  public String rest() throws IOException {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    try {
      while (true) {
        rest.write(in.readUnsignedByte());
      }
    } catch (EOFException | SocketException e) {
      return rest.toString(StandardCharsets.UTF_8);
    }
  }

  /** Sends no more, but still reads. */
  public void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /** Goes without a word: the server sees a reset. */
  public void vanish() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
