package io.fluxy.hook;

import io.fluxy.store.StoreException;
import io.fluxy.store.WebhookRecord;
import io.fluxy.time.Scheduler;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keeps webhooks' secrets from whoever reads the database and has not the host's key: AES-GCM, a
 * fresh nonce for each, bound to its webhook, so that one can't be put in another's place. The
 * first key seals; all of them open. Without keys, secrets are kept as they are.
 *
 * <p>A sealed secret is the text {@code sealed:1:} and Base64 of the key's mark, the nonce and the
 * ciphertext. What was kept before there was a key is read as it is.
 *
 * <p>Safe for use by many threads.
 */
final class SecretSeal {
  private static final String SEALED = "sealed:1:";
  private static final String PLAIN = "plain:1:"; // before what looks like one of these and isn't
  private static final int KEY_BYTES = 32;
  private static final int MARK_BYTES = 4;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final Scheduler scheduler;
  private final Map<Integer, SecretKeySpec> byMark = new LinkedHashMap<>(); // the first one seals

  /**
   * @param keys of 32 bytes each, the present one first
   * @throws IllegalArgumentException if one has another length
   */
  SecretSeal(List<byte[]> keys, Scheduler scheduler) {
    this.scheduler = scheduler;
    for (byte[] key : keys) {
      if (key.length != KEY_BYTES) {
        throw new IllegalArgumentException(
            "a key for webhook secrets has " + KEY_BYTES + " bytes, not " + key.length);
      }
      byMark.putIfAbsent(mark(key), new SecretKeySpec(key, "AES"));
    }
  }

  private static int mark(byte[] key) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(key)).getInt();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** As it is to be kept. */
  WebhookRecord seal(WebhookRecord webhook) {
    String secret = webhook.secret();
    if (secret == null) {
      return webhook;
    } else if (byMark.isEmpty()) {
      boolean misleads = secret.startsWith(SEALED) || secret.startsWith(PLAIN);
      return misleads ? with(webhook, PLAIN + secret) : webhook;
    }
    Map.Entry<Integer, SecretKeySpec> first = byMark.entrySet().iterator().next();
    byte[] nonce =
        Arrays.copyOf(
            ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(scheduler.random())
                .putLong(scheduler.random())
                .array(),
            NONCE_BYTES);
    byte[] text = secret.getBytes(StandardCharsets.UTF_8);
    try {
      byte[] hidden = cipher(Cipher.ENCRYPT_MODE, first.getValue(), nonce, webhook).doFinal(text);
      byte[] all =
          ByteBuffer.allocate(MARK_BYTES + NONCE_BYTES + hidden.length)
              .putInt(first.getKey())
              .put(nonce)
              .put(hidden)
              .array();
      return with(webhook, SEALED + Base64.getEncoder().encodeToString(all));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has AES-GCM", e);
    }
  }

  /**
   * As it was before it was kept.
   *
   * @throws StoreException if it was sealed with a key that we don't have
   */
  WebhookRecord open(WebhookRecord webhook) {
    String secret = webhook.secret();
    if (secret == null || !secret.startsWith(SEALED)) {
      return secret != null && secret.startsWith(PLAIN)
          ? with(webhook, secret.substring(PLAIN.length()))
          : webhook;
    }
    try {
      ByteBuffer all = sealed(secret);
      SecretKeySpec key = all.remaining() < MARK_BYTES ? null : byMark.get(all.getInt());
      if (key == null) {
        throw new StoreException(
            "webhook " + webhook.id() + ": its secret was sealed with a key that was not given");
      }
      byte[] nonce = new byte[NONCE_BYTES];
      all.get(nonce);
      byte[] hidden = new byte[all.remaining()];
      all.get(hidden);
      byte[] text = cipher(Cipher.DECRYPT_MODE, key, nonce, webhook).doFinal(hidden);
      return with(webhook, new String(text, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException | RuntimeException e) {
      if (e instanceof StoreException known) {
        throw known;
      }
      throw new StoreException("webhook " + webhook.id() + ": its secret can't be opened", e);
    }
  }

  /** Whether it is kept as it would be kept now. */
  boolean isCurrent(WebhookRecord kept) {
    String secret = kept.secret();
    if (secret == null || byMark.isEmpty()) {
      return true;
    }
    int presentMark = byMark.keySet().iterator().next();
    try {
      return secret.startsWith(SEALED) && sealed(secret).getInt() == presentMark;
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      return false; // what is wrong with it, opening it will tell
    }
  }

  private static ByteBuffer sealed(String secret) {
    return ByteBuffer.wrap(Base64.getDecoder().decode(secret.substring(SEALED.length())));
  }

  private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, WebhookRecord webhook)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    String place = webhook.projectId() + "/" + webhook.id();
    cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static WebhookRecord with(WebhookRecord webhook, @Nullable String secret) {
    return new WebhookRecord(
        webhook.projectId(),
        webhook.id(),
        webhook.url(),
        secret,
        webhook.eventTypes(),
        webhook.createdAtMs());
  }
}
