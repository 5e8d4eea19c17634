package io.fluxy.store;

/**
 * A text with holes that a project has named, to send it again and again.
 *
 * @param id unique in the project; 1 to 128 of letters, digits, {@code _ -}
 * @param name unique in the project
 * @param body the text, holes included
 * @param createdAtMs UTC milliseconds since 1970
 * @param updatedAtMs when its name or body was changed last
 */
public record TemplateRecord(
    String id, String name, String body, long createdAtMs, long updatedAtMs) {}
