package io.fluxy.store;

/**
 * How an agent's run stands, as its room's log said last.
 *
 * @param atMs when it was said, UTC milliseconds since 1970
 * @param json the run as one JSON object
 */
public record RunRecord(String runId, String status, long atMs, String json) {}
