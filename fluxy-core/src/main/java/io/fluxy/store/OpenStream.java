package io.fluxy.store;

import io.fluxy.chat.Message;

/**
 * A message that is being written bit by bit.
 *
 * @param message as it was kept last
 * @param runId the run of the agent that writes it; empty if it is no agent's
 * @param beat moves on with every checkpoint: while it does, somebody is writing
 */
public record OpenStream(Message message, String runId, long beat) {}
