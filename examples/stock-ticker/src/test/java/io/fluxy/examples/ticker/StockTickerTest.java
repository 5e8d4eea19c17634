package io.fluxy.examples.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.store.Store;
import io.fluxy.store.jdbc.JdbcStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StockTickerTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern PRICE = Pattern.compile("\"price\":([\\d.]+)}");
  private static final int PATIENCE_SECONDS = 20;

  @TempDir Path folder;

  /** A page: hears prices. */
  private static final class Screen implements WebSocket.Listener {
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();

    Screen(URI ticker, String since) throws InterruptedException {
      URI uri = URI.create("ws://" + ticker.getAuthority() + "/ws/stocks" + since);
      HTTP.newWebSocketBuilder().buildAsync(uri, this).join();
      String first = frame();
      while (!first.contains("channel:subscribed")) {
        first = frame();
      }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      frames.add(text.toString());
      socket.request(1);
      return null;
    }

    private String frame() throws InterruptedException {
      String frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(frame).as("a frame within %d s", PATIENCE_SECONDS).isNotNull();
      return String.valueOf(frame);
    }

    double price() throws InterruptedException {
      String frame = frame();
      Matcher price = PRICE.matcher(frame);
      assertThat(price.find()).as(frame).isTrue();
      return Double.parseDouble(price.group(1));
    }
  }

  private Store store() {
    return JdbcStore.sqlite(folder.resolve("ticker.db"));
  }

  @Test
  void whatTheFeedPostsReachesEveryScreenInOrder() throws Exception {
    try (StockTicker ticker = StockTicker.start(0, store())) {
      List<Screen> screens = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        screens.add(new Screen(ticker.uri(), ""));
      }
      PriceFeed feed = new PriceFeed(ticker.uri(), ticker.key());
      for (int i = 0; i < 20; i++) {
        double price = Double.parseDouble(feed.publish());
        for (Screen screen : screens) {
          assertThat(screen.price()).isEqualTo(price);
        }
      }
    }
  }

  @Test
  void aScreenThatWasAwayIsToldWhatItMissedAlsoByAServerThatWasStartedSince() throws Exception {
    List<Double> posted = new ArrayList<>();
    try (StockTicker ticker = StockTicker.start(0, store())) {
      PriceFeed feed = new PriceFeed(ticker.uri(), ticker.key());
      for (int i = 0; i < 5; i++) {
        posted.add(Double.parseDouble(feed.publish()));
      }
    }
    try (StockTicker ticker = StockTicker.start(0, store())) {
      Screen back = new Screen(ticker.uri(), "?since=2");
      assertThat(List.of(back.price(), back.price(), back.price())).isEqualTo(posted.subList(2, 5));
    }
  }

  @Test
  void thePageIsThere() throws Exception {
    try (StockTicker ticker = StockTicker.start(0, Store.inMemory())) {
      HttpRequest get = HttpRequest.newBuilder(ticker.uri().resolve("/")).build();
      var page = HTTP.send(get, BodyHandlers.ofString());
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).contains("<title>Stock ticker</title>", "/ws/stocks");
    }
  }
}
