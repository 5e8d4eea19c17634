package io.fluxy.store;

/**
 * How far a reader is behind: messages of others after what it has read, not deleted, that it may
 * read.
 *
 * @param count of them, among the first 1,000 messages of others
 * @param readSeq the seq up to which the reader has read; 0 for nothing
 * @param firstSeq the seq of the first of them; 0 for none
 */
public record Unread(int count, long readSeq, long firstSeq) {}
