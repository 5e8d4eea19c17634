package io.fluxy.chat;

import org.jspecify.annotations.Nullable;

/**
 * A file a message points at. Fluxy keeps the reference, not the file.
 *
 * @param kind what a client may show it as, such as "image" or "file"
 * @param url http or https, absolute
 * @param sizeBytes as the sender claims, 0 to 10 MiB
 */
public record Attachment(
    String kind, String url, @Nullable String name, long sizeBytes, @Nullable String contentType) {}
