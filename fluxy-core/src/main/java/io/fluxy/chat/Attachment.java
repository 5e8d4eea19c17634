package io.fluxy.chat;

import org.jspecify.annotations.Nullable;

/**
 * A file a message points at. Fluxy keeps the reference, not the file.
 *
 * @param kind what a client may show it as, such as "image" or "file"
 * @param url http or https, absolute
 * @param sizeBytes as the sender claims, 0 to 10 MiB
 * @param fileId of a file that was uploaded to Fluxy; null for one that is anywhere else
 */
public record Attachment(
    String kind,
    String url,
    @Nullable String name,
    long sizeBytes,
    @Nullable String contentType,
    @Nullable String fileId) {
  /** A file that is anywhere. */
  public Attachment(
      String kind,
      String url,
      @Nullable String name,
      long sizeBytes,
      @Nullable String contentType) {
    this(kind, url, name, sizeBytes, contentType, null);
  }
}
