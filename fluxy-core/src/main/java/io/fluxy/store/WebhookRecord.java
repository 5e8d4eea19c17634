package io.fluxy.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A webhook: where a project wants to be told of what happens.
 *
 * @param id unique among the webhooks of all projects
 * @param secret its UTF-8 bytes are the key that signs; null if nothing is signed
 * @param eventTypes the words of what it wants to be told
 */
public record WebhookRecord(
    String projectId,
    String id,
    String url,
    @Nullable String secret,
    List<String> eventTypes,
    long createdAtMs) {
  public WebhookRecord {
    eventTypes = List.copyOf(eventTypes);
  }

  /** Does not show the secret, nor the address, which may hold one. */
  @Override
  public String toString() {
    return "WebhookRecord[" + projectId + ", " + id + "]";
  }
}
