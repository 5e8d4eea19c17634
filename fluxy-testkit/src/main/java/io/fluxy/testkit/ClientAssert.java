package io.fluxy.testkit;

import java.util.List;

/** What can be claimed of somebody in a room. */
public final class ClientAssert extends RemoteAssert<ClientAssert, TestClient> {
  ClientAssert(TestClient client) {
    super(client, ClientAssert.class);
  }

  /** This is on its screen, oldest first, its own messages included, and nothing else. */
  public ClientAssert sees(String... contents) {
    List<String> seen = actual.sees();
    if (!seen.equals(List.of(contents))) {
      fail(
          "%s should see %s, but sees %s"
              .formatted(actual, TestClient.quoted(List.of(contents)), TestClient.quoted(seen)));
    }
    return this;
  }
}
