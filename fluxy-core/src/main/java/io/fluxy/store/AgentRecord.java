package io.fluxy.store;

/**
 * An agent of a project, as its operators have described it.
 *
 * @param id unique in the project; the user who speaks for it has this id
 * @param handle what mentions it, after an at sign; unique in the project
 * @param json all else that is said of it, one JSON object: model, prompt, settings
 * @param createdAtMs UTC milliseconds since 1970
 */
public record AgentRecord(String id, String handle, String name, String json, long createdAtMs) {}
