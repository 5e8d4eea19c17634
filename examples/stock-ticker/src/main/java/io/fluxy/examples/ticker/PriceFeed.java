package io.fluxy.examples.ticker;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/**
 * The data source: it could be a cron job, a serverless function or a line of shell. Prices walk at
 * random.
 */
final class PriceFeed {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Random random = new Random();
  private final URI publish;
  private final String key;
  private long cents = 10_000;

  /**
   * @param server where the ticker is
   * @param key an API key of its project
   */
  PriceFeed(URI server, String key) {
    this.publish = server.resolve("/events/publish");
    this.key = key;
  }

  /**
   * Publishes the next price; when this returns, it is on disk and on its way to every page.
   *
   * @return the price that was published
   * @throws IOException if it could not be
   */
  String publish() throws IOException, InterruptedException {
    cents = Math.max(1, cents + random.nextInt(201) - 100);
    String price = String.format(Locale.ROOT, "%d.%02d", cents / 100, cents % 100);
    String body =
        """
        {"channel": "%s", "event": "price", "data": {"symbol": "ACME", "price": %s}}"""
            .formatted(StockTicker.CHANNEL, price);
    HttpRequest request =
        HttpRequest.newBuilder(publish)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "price-" + UUID.randomUUID())
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 201) {
      throw new IOException("not published: " + answer.statusCode() + " " + answer.body());
    }
    return price;
  }
}
