package io.fluxy.hook;

import io.fluxy.time.Scheduler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One HTTP/1.1 POST per connection, over sockets of our own: the JDK's client resolves a name by
 * itself, after we have looked at it, and so might connect to another address than the one we have
 * found harmless.
 */
final class DirectSender implements WebhookSender {
  private static final int REDIRECTS_MAX = 5;
  private static final int CONNECT_MS_MAX = 5_000;
  private static final int HEAD_BYTES_MAX = 16 * 1024;
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

  private final Scheduler threads;
  private final Reach reach;
  private final int timeoutMs;
  private final Resolver resolver;
  private final Predicate<InetAddress> harmless;

  /** Finds the addresses of a name. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /** Why nothing was sent, in a word. */
  private static final class BlockedException extends Exception {
    private static final long serialVersionUID = 1;

    BlockedException(String word) {
      super(word, null, false, false);
    }
  }

  private record Head(int status, Optional<String> location) {}

  DirectSender(Scheduler threads, Reach reach, int timeoutMs, Resolver resolver) {
    this(
        threads,
        reach,
        timeoutMs,
        resolver,
        address -> reach == Reach.ANYWHERE || Addresses.isPublic(address));
  }

  /** With another notion of whom not to connect to, for tests. */
  DirectSender(
      Scheduler threads,
      Reach reach,
      int timeoutMs,
      Resolver resolver,
      Predicate<InetAddress> harmless) {
    this.threads = threads;
    this.reach = reach;
    this.timeoutMs = timeoutMs;
    this.resolver = resolver;
    this.harmless = harmless;
  }

  @Override
  public Optional<String> flaw(String url) {
    Optional<Target> target = Target.of(url);
    if (target.isEmpty()) {
      return Optional.of("ssrf_blocked");
    } else if (!target.get().secure() && reach == Reach.PUBLIC_HTTPS) {
      return Optional.of("https_required");
    }
    return isLocalName(target.get()) ? Optional.of("ssrf_blocked") : Optional.empty();
  }

  private boolean isLocalName(Target target) {
    if (reach == Reach.ANYWHERE) {
      return false;
    } else if (target.isLiteral()) {
      try {
        return !Addresses.isPublic(InetAddress.getByName(target.bareHost())); // nothing to look up
      } catch (UnknownHostException e) {
        return true;
      }
    }
    String host = target.host();
    return host.indexOf('.') < 0
        || host.endsWith(".localhost")
        || host.endsWith(".local")
        || host.endsWith(".internal")
        || host.endsWith(".home.arpa");
  }

  @Override
  public CompletionStage<Outcome> send(String url, Map<String, String> headers, byte[] body) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Scheduler.Timer tooLate =
        threads.after(timeoutMs + 1_000L, () -> outcome.complete(Outcome.failed("timeout")));
    threads.run(
        () -> {
          if (!outcome.isDone()) {
            outcome.complete(attempt(url, headers, body));
          }
        });
    return outcome.whenComplete((sent, failure) -> tooLate.cancel());
  }

  private Outcome attempt(String url, Map<String, String> headers, byte[] body) {
    long untilMs = threads.ticksMs() + timeoutMs;
    try {
      Target target = Target.of(url).orElseThrow(() -> new BlockedException("ssrf_blocked"));
      for (int redirects = 0; ; redirects++) {
        Head head = post(target, headers, body, untilMs);
        if (!isRedirect(head.status()) || head.location().isEmpty()) {
          return Outcome.answered(head.status());
        } else if (redirects == REDIRECTS_MAX) {
          return Outcome.failed("too_many_redirects");
        }
        target =
            target
                .redirected(head.location().get())
                .orElseThrow(() -> new BlockedException("ssrf_blocked"));
      }
    } catch (BlockedException e) {
      return Outcome.failed(String.valueOf(e.getMessage()));
    } catch (UnknownHostException e) {
      return Outcome.failed("unknown_host");
    } catch (SocketTimeoutException e) {
      return Outcome.failed("timeout");
    } catch (IOException e) {
      return Outcome.failed("connection_failed");
    }
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 307 || status == 308;
  }

  private Head post(Target target, Map<String, String> headers, byte[] body, long untilMs)
      throws IOException, BlockedException {
    if (!target.secure() && reach == Reach.PUBLIC_HTTPS) {
      throw new BlockedException("https_required");
    }
    InetAddress address = address(target);
    try (Socket plain = new Socket()) {
      plain.connect(
          new InetSocketAddress(address, target.port()), Math.min(CONNECT_MS_MAX, left(untilMs)));
      plain.setSoTimeout(left(untilMs));
      Socket socket = target.secure() ? secured(plain, target) : plain;
      OutputStream out = socket.getOutputStream();
      out.write(request(target, headers, body));
      out.flush();
      return head(plain, socket.getInputStream(), untilMs);
    }
  }

  /** The one address to connect to: all that the name has must be harmless. */
  private InetAddress address(Target target) throws UnknownHostException, BlockedException {
    InetAddress[] addresses = resolver.resolve(target.bareHost());
    if (addresses.length == 0) {
      throw new UnknownHostException(target.host());
    }
    for (InetAddress address : addresses) {
      if (!harmless.test(address)) {
        throw new BlockedException("ssrf_blocked");
      }
    }
    return addresses[0];
  }

  private static Socket secured(Socket plain, Target target) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket secured =
        (SSLSocket) factory.createSocket(plain, target.bareHost(), target.port(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the name, not the address
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private static byte[] request(Target target, Map<String, String> headers, byte[] body) {
    StringBuilder head = new StringBuilder(256);
    head.append("POST ").append(target.pathAndQuery()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(target.authority()).append("\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("User-Agent: Fluxy\r\nContent-Length: ").append(body.length);
    head.append("\r\nConnection: close\r\n\r\n");
    byte[] first = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] request = new byte[first.length + body.length];
    System.arraycopy(first, 0, request, 0, first.length);
    System.arraycopy(body, 0, request, first.length, body.length);
    return request;
  }

  /** Reads the head of the answer; what the receiver says in the body is not asked for. */
  private Head head(Socket socket, InputStream in, long untilMs) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < HEAD_END.length) {
      socket.setSoTimeout(left(untilMs)); // for the whole answer, not for each byte
      int next = in.read();
      if (next < 0 || read.size() >= HEAD_BYTES_MAX) {
        throw new IOException("no whole head");
      }
      read.write(next);
      matched = next == HEAD_END[matched] ? matched + 1 : next == '\r' ? 1 : 0;
    }
    return parsed(read.toString(StandardCharsets.ISO_8859_1));
  }

  private static Head parsed(String head) throws IOException {
    String[] lines = head.split("\r\n", -1);
    String[] words = lines[0].split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || words[1].length() != 3) {
      throw new IOException("no HTTP");
    }
    Optional<String> location = Optional.empty();
    for (String line : lines) {
      if (line.toLowerCase(Locale.ROOT).startsWith("location:")) {
        location = Optional.of(line.substring("location:".length()).strip());
      }
    }
    try {
      return new Head(Integer.parseInt(words[1]), location);
    } catch (NumberFormatException e) {
      throw new IOException("no HTTP", e);
    }
  }

  private int left(long untilMs) throws SocketTimeoutException {
    long left = untilMs - threads.ticksMs();
    if (left <= 0) {
      throw new SocketTimeoutException();
    }
    return (int) left;
  }
}
