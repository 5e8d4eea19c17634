package io.fluxy.connection;

import io.fluxy.Fluxy;
import io.fluxy.chat.Limits;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Protocol;
import io.fluxy.wire.Codec;
import io.fluxy.wire.FrameWriter;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The protocol behind a transport under test: serves every path but those below {@code /other} and
 * those of FluxyChat, and does what a test sets.
 */
public final class TransportScript implements Protocol {
  public static final int FRAME_BYTES_MAX = 100_000;
  public static final int BODY_BYTES_MAX = 10_000;

  private static final long PATIENCE_S = 20;

  /** What the transport has asked, in order. */
  public final BlockingQueue<ApiRequest> asked = new LinkedBlockingQueue<>();

  /** Who has come, by socket or by stream, in order. */
  public final BlockingQueue<Guest> came = new LinkedBlockingQueue<>();

  private volatile Function<ApiRequest, CompletionStage<Handshake>> handshakes =
      request -> CompletableFuture.completedFuture(welcome());
  private volatile Function<ApiRequest, CompletionStage<ApiResponse>> answers =
      request -> CompletableFuture.completedFuture(ApiResponse.text(200, "ok"));

  /** A protocol that lets everybody in and answers everything. */
  public TransportScript() {}

  @Override
  public boolean serves(String rawPath) {
    return !rawPath.startsWith("/other");
  }

  @Override
  public CompletionStage<ApiResponse> answer(ApiRequest request) {
    asked.add(request);
    return answers.apply(request);
  }

  @Override
  public CompletionStage<Handshake> handshake(ApiRequest request) {
    asked.add(request);
    return handshakes.apply(request);
  }

  @Override
  public Routes routes() {
    return new Routes();
  }

  /** An engine that speaks this protocol. */
  public Fluxy start() {
    Limits limits =
        Limits.defaults().toBuilder()
            .frameBytesMax(FRAME_BYTES_MAX)
            .bodyBytesMax(BODY_BYTES_MAX)
            .build();
    return Fluxy.builder().limits(limits).protocol(services -> this).start();
  }

  public void answers(Function<ApiRequest, CompletionStage<ApiResponse>> answers) {
    this.answers = answers;
  }

  public void answers(ApiResponse answer) {
    answers = request -> CompletableFuture.completedFuture(answer);
  }

  public void handshakes(CompletionStage<Handshake> handshake) {
    handshakes = request -> handshake;
  }

  /** Lets whoever asks in. */
  public Handshake welcome() {
    return Handshake.accept(this::guest);
  }

  /** A stream that lets whoever asks in. */
  public ApiResponse stream() {
    return ApiResponse.eventStream(this::guest);
  }

  private Guest guest(Socket socket) {
    Guest guest = new Guest(socket);
    came.add(guest);
    return guest;
  }

  /** Whoever comes next. */
  public Guest nextGuest() throws InterruptedException {
    return next(came);
  }

  public static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(PATIENCE_S, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came");
    }
    return next;
  }

  public static <T> T wait(CompletableFuture<T> future) throws Exception {
    try {
      return future.get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("it never happened", e);
    }
  }

  /** Web socket frames, one for each text. */
  public static Frames frames(String... texts) {
    return frames(Codec.Framing.WEBSOCKET, texts);
  }

  /** Server-sent events, one for each text. */
  public static Frames events(String... texts) {
    return frames(Codec.Framing.EVENT_STREAM, texts);
  }

  private static Frames frames(Codec.Framing framing, String... texts) {
    FrameWriter writer = new FrameWriter(framing);
    for (String text : texts) {
      writer.frame(json -> json.writeRawValue(text));
    }
    return writer.frames();
  }

  /** The engine's side of one socket. Breaks the test if the transport breaks its promises. */
  public static final class Guest implements Socket.Listener {
    public final Socket socket;
    public final CompletableFuture<Void> closed = new CompletableFuture<>();
    public final CompletableFuture<Integer> goodbye = new CompletableFuture<>();
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> lifeSigns = new LinkedBlockingQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final List<String> broken = new ArrayList<>();

    Guest(Socket socket) {
      this.socket = socket;
    }

    @Override
    public void text(byte[] bytes) {
      told("text", () -> texts.add(new String(bytes, StandardCharsets.UTF_8)));
    }

    @Override
    public void pong() {
      told("pong", () -> lifeSigns.add("pong"));
    }

    @Override
    public void pong(ByteBuffer payload) {
      String text = StandardCharsets.UTF_8.decode(payload).toString();
      told("pong", () -> lifeSigns.add(text.isEmpty() ? "pong" : "pong " + text));
    }

    @Override
    public void goodbye(int code) {
      told("goodbye", () -> goodbye.complete(code));
    }

    @Override
    public void closed() {
      told("closed", () -> closed.complete(null));
    }

    private void told(String what, Runnable then) {
      if (calls.incrementAndGet() != 1) {
        broken("two calls at once: " + what);
      }
      if (closed.isDone()) {
        broken(what + " after closed");
      }
      then.run();
      calls.decrementAndGet();
    }

    private void broken(String promise) {
      synchronized (broken) {
        broken.add(promise);
      }
    }

    /** The promises of {@link Socket} that were not kept. */
    List<String> brokenPromises() {
      synchronized (broken) {
        return List.copyOf(broken);
      }
    }

    public String hears() throws InterruptedException {
      return next(texts);
    }

    public String hearsLife() throws InterruptedException {
      return next(lifeSigns);
    }

    public void isToldClosed() throws Exception {
      TransportScript.wait(closed);
    }

    /** Sends, and waits until it is sent. */
    public boolean says(String... texts) throws Exception {
      return TransportScript.wait(sends(frames(texts)));
    }

    /**
     * Sends; the future is completed when the transport says so, and breaks a promise if it does
     * twice.
     */
    public CompletableFuture<Boolean> sends(Frames... frames) {
      CompletableFuture<Boolean> sent = new CompletableFuture<>();
      socket.send(
          List.of(frames),
          ok -> {
            if (!sent.complete(ok)) {
              broken("sent told twice");
            }
          });
      return sent;
    }
  }
}
