package io.fluxy.protocol.fluxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network between a client and a server, in the test's hand: it can be cut, and it can refuse
 * requests whose path begins with something.
 */
public final class Cable implements AutoCloseable {
  private final int serverPort;
  private final ServerSocket front;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private volatile boolean down;

  public Cable(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.front = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  public int port() {
    return front.getLocalPort();
  }

  /** Ends all connections, whatever they are doing, and lets no new one through. */
  public void cut() {
    down = true;
    hangUp();
  }

  public void mend() {
    down = false;
  }

  /** From here on, requests for such a path don't get through; those under way end. */
  void refuse(String pathStart) {
    refused.add(pathStart);
    hangUp();
  }

  /**
   * Resets all, none says goodbye. All are told so before the first ends: whoever serves a
   * connection closes its other half as soon as one half has ended, and of a plain end that comes
   * while its listener is at work the JDK's WebSocket client tells nobody.
   */
  private void hangUp() {
    List<Socket> cut = List.copyOf(open);
    cut.forEach(Cable::willBeReset);
    cut.forEach(Cable::end);
    cut.forEach(open::remove);
  }

  private void accept() {
    while (!front.isClosed()) {
      try {
        Socket client = front.accept();
        daemon(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    open.add(client);
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
      open.add(server);
      InputStream asked = new BufferedInputStream(client.getInputStream(), 8_192);
      if (down || isRefused(asked)) {
        return;
      }
      daemon(() -> copy(server, client));
      pump(asked, server.getOutputStream());
    } catch (IOException e) {
      // cut, or one of them has gone
    } finally {
      open.remove(client);
    }
  }

  /** Looks at the first line without taking it. */
  private boolean isRefused(InputStream asked) throws IOException {
    asked.mark(8_192);
    StringBuilder line = new StringBuilder();
    int c = asked.read();
    while (c >= 0 && c != '\n' && line.length() < 8_000) {
      line.append((char) c);
      c = asked.read();
    }
    asked.reset();
    String path = line.substring(line.indexOf(" ") + 1);
    return refused.stream().anyMatch(path::startsWith);
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      pump(from.getInputStream(), to.getOutputStream());
    } catch (IOException e) {
      // cut, or one of them has gone
    } finally {
      open.remove(from);
    }
  }

  private static void pump(InputStream from, OutputStream to) throws IOException {
    byte[] some = new byte[4_096];
    int read = from.read(some);
    while (read >= 0) {
      to.write(some, 0, read);
      to.flush();
      read = from.read(some);
    }
  }

  private static void willBeReset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // it has gone by itself
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it has gone by itself
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "cable");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    front.close();
    hangUp();
  }
}
