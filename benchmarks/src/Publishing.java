import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * From an HTTP publish to its delivery on a WebSocket, by each of the three publish routes, at a steady rate. The server is
 * another process; both clocks are this one's. Prints JSON, one object a route. Uses nothing but the JDK.
 */
public final class Publishing {
  private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Pattern SENT = Pattern.compile("sent\\W+(\\d+)");

  private final String host;
  private final Map<String, String> keys;

  private Publishing(String host, Map<String, String> keys) {
    this.host = host;
    this.keys = keys;
  }

  /** One event by one route. */
  private interface Route {
    HttpRequest publish(String data) throws Exception;
  }

  /** Arguments: host and port, events a second, seconds of warming up, seconds measured, each a route, API key, Pusher's secret, PushFlo's keys. */
  public static void main(String[] args) throws Exception {
    Publishing here =
        new Publishing(args[0], Map.of("api", args[4], "pusher", args[5], "pub", args[6], "sec", args[7]));
    int perSecond = Integer.parseInt(args[1]);
    List<Lane> lanes = new ArrayList<>();
    for (String route : List.of("plain", "pusher", "pushflo")) {
      lanes.add(here.lane(route));
    }
    slices(lanes, perSecond, Integer.parseInt(args[2])); // all of them: they share most of their code, and the compiler's time
    lanes.forEach(lane -> lane.nanos.clear());
    slices(lanes, perSecond, Integer.parseInt(args[3]));
    for (Lane lane : lanes) {
      System.out.println(lane.figures());
    }
    System.exit(0);
  }

  /** A second of each route in turn, so that what the machine does meanwhile meets them all alike. */
  private static void slices(List<Lane> lanes, int perSecond, int seconds) throws Exception {
    for (int second = 0; second < seconds; second++) {
      for (Lane lane : lanes) {
        lane.nanos.add(run(lane.route, lane.ear, perSecond, perSecond));
      }
    }
  }

  /** A route, who hears it, and how long each event took, in slices. */
  private record Lane(String name, Route route, Ear ear, WebSocket socket, List<long[]> nanos) {
    String figures() {
      long[] all = nanos.stream().flatMapToLong(Arrays::stream).sorted().toArray();
      return "{\"route\":\"%s\",\"events\":%d,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f}"
          .formatted(name, all.length, at(all, 0.50), at(all, 0.99), all[all.length - 1] / 1e6);
    }
  }

  private Lane lane(String name) throws Exception {
    Ear ear = new Ear();
    WebSocket socket = connect(name, ear);
    return new Lane(name, route(name), ear, socket, new ArrayList<>());
  }

  private static double at(long[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1, Math.ceil(sorted.length * share))] / 1e6;
  }

  /** Publishes at a steady rate, whatever the answers take; returns how long each event took to be heard. */
  private static long[] run(Route route, Ear ear, int perSecond, int events) throws Exception {
    ear.expect(events);
    Semaphore inFlight = new Semaphore(256);
    AtomicInteger failed = new AtomicInteger();
    long start = System.nanoTime();
    for (int i = 0; i < events; i++) {
      long due = start + i * 1_000_000_000L / perSecond;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      inFlight.acquire();
      HttpRequest request = route.publish("{\"sent\":" + System.nanoTime() + ",\"price\":10.5}");
      HTTP.sendAsync(request, BodyHandlers.ofString())
          .whenComplete(
              (answer, failure) -> {
                inFlight.release();
                if (failure != null || answer.statusCode() >= 300) {
                  failed.incrementAndGet();
                  System.err.println(failure != null ? failure.toString() : answer.statusCode() + " " + answer.body());
                }
              });
    }
    if (!ear.all.await(20, TimeUnit.SECONDS) || failed.get() > 0) {
      throw new IllegalStateException("void: " + ear.all.getCount() + " not heard, " + failed + " not published");
    }
    return ear.nanos;
  }

  /** Hears events, and notes how old they are. */
  private static final class Ear implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile long[] nanos = {};
    private volatile CountDownLatch all = new CountDownLatch(0);
    private int heard;

    void expect(int events) {
      heard = 0;
      nanos = new long[events];
      all = new CountDownLatch(events);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      long now = System.nanoTime();
      text.append(part);
      if (last) {
        Matcher sent = SENT.matcher(text);
        if (sent.find() && heard < nanos.length) {
          nanos[heard++] = now - Long.parseLong(sent.group(1));
          all.countDown();
        } else if (text.indexOf("subscri") >= 0 && text.indexOf("established") < 0) {
          ready.countDown();
        } else if (text.indexOf("connected") >= 0 || text.indexOf("established") >= 0) {
          ready.countDown();
        }
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }

  private WebSocket connect(String route, Ear ear) throws Exception {
    String path =
        switch (route) {
          case "plain" -> "/ws/bench-plain";
          case "pusher" -> "/app/bench-key?protocol=7";
          default -> "/ws?token=" + keys.get("pub");
        };
    WebSocket socket = HTTP.newWebSocketBuilder().buildAsync(URI.create("ws://" + host + path), ear).join();
    if (!ear.ready.await(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException("void: " + route + " does not connect");
    }
    if (route.equals("pusher")) {
      socket.sendText("{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"bench-pusher\"}}", true).join();
    } else if (route.equals("pushflo")) {
      socket.sendText("{\"type\":\"subscribe\",\"channel\":\"bench-pushflo\"}", true).join();
    }
    Thread.sleep(1_000);
    return socket;
  }

  private Route route(String name) {
    return switch (name) {
      case "plain" ->
          data ->
              request("/events/publish", "{\"channel\":\"bench-plain\",\"event\":\"price\",\"data\":" + data + "}")
                  .header("Authorization", "Bearer " + keys.get("api"))
                  .build();
      case "pusher" -> this::pusher;
      default ->
          data ->
              request("/api/v1/channels/bench-pushflo/messages", "{\"content\":" + data + ",\"eventType\":\"price\"}")
                  .header("Authorization", "Bearer " + keys.get("sec"))
                  .build();
    };
  }

  private HttpRequest pusher(String data) throws Exception {
    String quoted = "\"" + data.replace("\"", "\\\"") + "\"";
    String body = "{\"name\":\"price\",\"channel\":\"bench-pusher\",\"data\":" + quoted + "}";
    byte[] md5 = MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8));
    String query =
        "auth_key=bench-key&auth_timestamp=" + System.currentTimeMillis() / 1_000
            + "&auth_version=1.0&body_md5=" + HexFormat.of().formatHex(md5);
    String path = "/apps/4242/events";
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(keys.get("pusher").getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] signature = mac.doFinal(("POST\n" + path + "\n" + query).getBytes(StandardCharsets.UTF_8));
    return request(path + "?" + query + "&auth_signature=" + HexFormat.of().formatHex(signature), body).build();
  }

  private HttpRequest.Builder request(String path, String body) {
    return HttpRequest.newBuilder(URI.create("http://" + host + path))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }
}
