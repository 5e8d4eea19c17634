package io.fluxy.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be said about the engine in {@code application.properties}. Every default works.
 *
 * @param enabled Whether there is an engine at all.
 * @param path Where the engine is in the application's URL space. FluxyChat's own SDK speaks to
 *     absolute paths and needs "/": then the engine takes the paths of its protocols, and leaves
 *     all others to the application.
 * @param rooms Public rooms that are made at the start unless they are there: 1 to 128 letters,
 *     digits, _ or -. Whoever is logged in may enter.
 * @param allowedOrigins Pages of other origins that may talk to the engine, such as
 *     https://app.example.org.
 * @param guests Whether anybody may read the public rooms, without an account.
 * @param project The tenant that the application's users belong to.
 * @param store Where messages are kept.
 * @param login How whoever is logged in to the application is let in to the chat.
 */
@ConfigurationProperties("fluxy")
public record FluxyProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("/chat") String path,
    @DefaultValue List<String> rooms,
    @DefaultValue List<String> allowedOrigins,
    @DefaultValue("false") boolean guests,
    @DefaultValue ProjectProperties project,
    @DefaultValue StoreProperties store,
    @DefaultValue LoginProperties login) {

  /**
   * The tenant that the application's users belong to.
   *
   * @param id Its id: 1 to 128 letters, digits, _ or -. Rooms belong to it, so don't change it.
   * @param name Its name for people; the id unless given.
   * @param apiKey A key that gets tokens for other servers of yours with POST /auth/token. None
   *     unless given.
   * @param jwtSecret What tokens are signed with, at least 32 bytes. Made and kept in the store
   *     unless given.
   */
  public record ProjectProperties(
      @DefaultValue("app") String id,
      @Nullable String name,
      @Nullable String apiKey,
      @Nullable String jwtSecret) {
    /** Does not show the secrets. */
    @Override
    public String toString() {
      return "ProjectProperties[" + id + "]";
    }
  }

  /**
   * Where messages are kept.
   *
   * @param kind Which store: auto takes the file if one is named, else the application's
   *     DataSource, else memory.
   * @param file An SQLite file, made if there is none.
   */
  public record StoreProperties(@DefaultValue("auto") Kind kind, @Nullable String file) {
    /** Which store. */
    public enum Kind {
      /** The file if one is named, else the application's data source, else memory. */
      AUTO,
      /** The application's data source: H2, PostgreSQL or SQLite. */
      DATA_SOURCE,
      /** An SQLite file. */
      FILE,
      /** Nowhere: gone when the application stops. */
      MEMORY
    }
  }

  /**
   * How whoever is logged in to the application is let in to the chat.
   *
   * @param enabled Whether the application's login counts. If not, only tokens do.
   * @param security Whether Spring Security lets requests for the engine through to it, which asks
   *     for a login or a token itself. If not, the application's own rules come first.
   */
  public record LoginProperties(
      @DefaultValue("true") boolean enabled, @DefaultValue("true") boolean security) {}
}
