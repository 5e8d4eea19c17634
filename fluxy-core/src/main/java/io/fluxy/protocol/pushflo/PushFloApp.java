package io.fluxy.protocol.pushflo;

import io.fluxy.chat.Names;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A project as PushFlo's clients know it: its keys, and how its rooms look as channels. Keys are
 * kept as hashes only.
 *
 * <pre>{@code
 * Fluxy.builder()
 *     .project(Project.named("shop"))
 *     .protocol(new PushFlo(PushFloApp.of("shop").key(publishKey).key(secretKey)))
 * }</pre>
 *
 * @param project whose rooms the channels are
 * @param keys what clients and servers show (contract 1)
 * @param options what is not the same everywhere
 * @param origins pages that may connect and ask, such as {@code https://app.example.org}; empty for
 *     any, since keys travel in no cookie
 * @param basePath a path below which sockets are served too, besides the root, such as {@code
 *     /chat}; empty for none
 */
public record PushFloApp(
    String project,
    List<Key> keys,
    Set<Option> options,
    List<String> origins,
    String basePath,
    PushFloLimits limits) {
  private static final int KEYS_MAX = 100;

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the project's id or the path is no good one, or there are
   *     more than 100 keys
   */
  public PushFloApp {
    if (!Names.isId(project)) {
      throw new IllegalArgumentException(
          "project id must be 1-128 letters, digits, _ or -: " + Names.shown(project));
    } else if (keys.size() > KEYS_MAX) {
      throw new IllegalArgumentException(project + ": more than " + KEYS_MAX + " keys");
    } else if (!basePath.isEmpty() && (!basePath.startsWith("/") || basePath.endsWith("/"))) {
      throw new IllegalArgumentException("neither empty nor like /chat: " + Names.shown(basePath));
    }
    keys = List.copyOf(keys);
    options = Set.copyOf(options);
    origins = List.copyOf(origins);
  }

  /** What the contract leaves open. */
  public enum Option {
    /** Whoever subscribes to a channel that there is not, makes it. On by default. */
    CREATE_ON_SUBSCRIBE,
    /** Whoever publishes to a channel that there is not, makes it; otherwise 404. */
    CREATE_ON_PUBLISH,
    /** {@code sec_} keys manage channels as {@code mgmt_} keys do. On by default. */
    SECRET_KEYS_MANAGE,
    /** {@code pub_} keys read the history of what they may hear, and the channels there are. */
    PUBLISH_KEYS_READ,
    /** Channels are called whatever rooms may be, and not only by PushFlo's slugs. */
    ANY_NAMES,
    /** Content is any JSON value but null, and not only an object. */
    ANY_CONTENT,
    /**
     * Frames say everything twice, for clients before 1.0.5 too, as long as they are small. On by
     * default.
     */
    NESTED_FRAMES,
    /** Who is there, comes and goes is told as messages, like the stock demo has it. */
    PRESENCE_EVENTS,
    /**
     * Whoever comes back from the same address and page with the same key gets its subscriptions
     * back; otherwise only whoever has a token. People behind one address get each other's.
     */
    RESTORE_BY_ADDRESS
  }

  /** What a key lets do. */
  public enum Power {
    /** Connect and subscribe; for browsers. */
    SUBSCRIBE("pub_"),
    /** Publish and read too. */
    PUBLISH("sec_"),
    /** Anything. */
    MANAGE("mgmt_");

    private final String prefix;

    Power(String prefix) {
      this.prefix = prefix;
    }

    /** How its keys begin. */
    public String prefix() {
      return prefix;
    }

    static Optional<Power> of(String key) {
      for (Power power : values()) {
        if (key.startsWith(power.prefix)) {
          return Optional.of(power);
        }
      }
      return Optional.empty();
    }
  }

  /**
   * A key, of which only the hash is kept.
   *
   * @param shown its beginning, for people
   * @param hash lower-case hex of SHA-256 over its UTF-8 bytes
   */
  public record Key(Power power, String shown, String hash) {
    private static final int SHOWN_CHARS = 8;
    private static final int SECRET_CHARS_MIN = 8;

    /**
     * A key in full.
     *
     * @throws IllegalArgumentException if it begins with none of {@code pub_ sec_ mgmt_}, or is too
     *     short to be secret though it has to be
     */
    public static Key of(String text) {
      Power power =
          Power.of(text)
              .orElseThrow(
                  () -> new IllegalArgumentException("a key begins with pub_, sec_ or mgmt_"));
      boolean isPublic = power == Power.SUBSCRIBE;
      if (text.length() < (isPublic ? power.prefix().length() + 1 : SECRET_CHARS_MIN)) {
        throw new IllegalArgumentException(
            isPublic
                ? "a pub_ key needs more than its prefix"
                : "a "
                    + power.prefix()
                    + " key needs at least "
                    + SECRET_CHARS_MIN
                    + " characters");
      }
      int shownChars = isPublic ? SHOWN_CHARS : power.prefix().length() + 3;
      return new Key(
          power, text.substring(0, Math.min(shownChars, text.length())) + "...", hashOf(text));
    }

    static String hashOf(String text) {
      try {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every JDK has SHA-256", e);
      }
    }

    /** Takes as long for any other hash of the same length as for the right one. */
    boolean isHashedTo(String other) {
      return MessageDigest.isEqual(
          hash.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** A project without keys yet, with every default. */
  public static PushFloApp of(String project) {
    return new PushFloApp(
        project,
        List.of(),
        EnumSet.of(Option.CREATE_ON_SUBSCRIBE, Option.SECRET_KEYS_MANAGE, Option.NESTED_FRAMES),
        List.of(),
        "",
        PushFloLimits.defaults());
  }

  /** The same with one more key: {@code pub_…}, {@code sec_…} or {@code mgmt_…}. */
  public PushFloApp key(String text) {
    List<Key> more = new ArrayList<>(keys);
    more.add(Key.of(text));
    return new PushFloApp(project, more, options, origins, basePath, limits);
  }

  /** The same with an option. */
  public PushFloApp with(Option option) {
    Set<Option> more = EnumSet.of(option);
    more.addAll(options);
    return new PushFloApp(project, keys, more, origins, basePath, limits);
  }

  /** The same without an option. */
  public PushFloApp without(Option option) {
    Set<Option> fewer = EnumSet.noneOf(Option.class);
    fewer.addAll(options);
    fewer.remove(option);
    return new PushFloApp(project, keys, fewer, origins, basePath, limits);
  }

  /** The same for pages of these origins only. */
  public PushFloApp origins(List<String> allowed) {
    return new PushFloApp(project, keys, options, allowed, basePath, limits);
  }

  /** The same, whose sockets are found below a path too. */
  public PushFloApp below(String path) {
    return new PushFloApp(project, keys, options, origins, path, limits);
  }

  /** The same within other bounds. */
  public PushFloApp limits(PushFloLimits bounds) {
    return new PushFloApp(project, keys, options, origins, basePath, bounds);
  }

  boolean has(Option option) {
    return options.contains(option);
  }

  /** Whether a page may connect. */
  boolean allows(Optional<String> origin) {
    return origins.isEmpty() || origin.isEmpty() || origins.contains(origin.get());
  }
}
