package io.fluxy.chat;

import java.util.Map;
import java.util.Set;

/**
 * A message and what people put on it.
 *
 * @param reactions emoji to the users who put it there; no empty sets
 */
public record StoredMessage(Message message, Map<String, Set<String>> reactions) {}
