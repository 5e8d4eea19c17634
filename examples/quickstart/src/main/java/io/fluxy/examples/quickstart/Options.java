package io.fluxy.examples.quickstart;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param port 0 for any that is free
 * @param config null for the demo project
 * @param console whether the operator console is there
 */
record Options(
    String host,
    int port,
    Database database,
    @Nullable Path config,
    boolean console,
    boolean help) {
  static final String HELP =
      """
      Fluxy quickstart: a chat server and a page to try it with.

      Usage: java -jar quickstart.jar [options]

        --port N        where to listen; 0 for any free port (default 8080)
        --host HOST     the address to listen at (default 127.0.0.1)
        --db DATABASE   where messages are kept (default sqlite:fluxy-quickstart.db)
                          sqlite:FILE   an SQLite file, made if there is none
                          h2:FILE       an H2 file, made if there is none
                          postgresql://HOST/NAME?user=USER
                                        a PostgreSQL database
                          memory        nowhere: gone when the server stops
        --config FILE   projects, limits and allowed origins as JSON (default: a project named demo)
        --console       the operator console at /fluxy/console/, with a credential that is made up
                        and shown once, unless the file of --config names operators
        --help          show this
      """;

  private static final int PORT_MAX = 65_535;

  static Options parse(String... args) throws StartException {
    Options options =
        new Options(
            "127.0.0.1", 8080, Database.parse("sqlite:fluxy-quickstart.db"), null, false, false);
    Set<String> seen = new HashSet<>();
    Iterator<String> words = Arrays.asList(args).iterator();
    while (words.hasNext()) {
      String name = words.next();
      if (!seen.add(name)) {
        throw new StartException(name + " is given twice");
      }
      options = options.with(name, words);
    }
    return options;
  }

  private Options with(String name, Iterator<String> words) throws StartException {
    return switch (name) {
      case "--help" -> new Options(host, port, database, config, console, true);
      case "--host" -> new Options(value(name, words), port, database, config, console, help);
      case "--port" -> new Options(host, port(value(name, words)), database, config, console, help);
      case "--db" ->
          new Options(host, port, Database.parse(value(name, words)), config, console, help);
      case "--config" ->
          new Options(host, port, database, file(name, value(name, words)), console, help);
      case "--console" -> new Options(host, port, database, config, true, help);
      default -> throw new StartException("unknown option " + name + ", see --help");
    };
  }

  private static String value(String name, Iterator<String> words) throws StartException {
    String value = words.hasNext() ? words.next() : "";
    if (value.isEmpty() || value.startsWith("--")) {
      throw new StartException(name + " needs a value, see --help");
    }
    return value;
  }

  private static int port(String text) throws StartException {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= PORT_MAX) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new StartException("--port must be a number from 0 to " + PORT_MAX + ", not " + text);
  }

  static Path file(String option, String text) throws StartException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new StartException(option + ": not a file name: " + text);
    }
  }
}
