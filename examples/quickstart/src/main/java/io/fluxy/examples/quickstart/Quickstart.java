package io.fluxy.examples.quickstart;

import io.fluxy.auth.Project;
import io.fluxy.console.ConsoleOperator;
import io.fluxy.protocol.channels.ChannelApp;
import io.fluxy.protocol.pusher.PusherApp;
import io.fluxy.protocol.pushflo.PushFloApp;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A chat server and a page to try it with. {@code --help} tells the rest. */
public final class Quickstart {
  private static final int WRONG_USE = 2;
  private static final String OPERATOR = "operator";

  private Quickstart() {}

  /** Runs until it is told to stop. */
  public static void main(String[] args) {
    try {
      run(Options.parse(args));
    } catch (StartException e) {
      System.err.println("quickstart: " + e.getMessage());
      System.exit(WRONG_USE);
    }
  }

  private static void run(Options options) throws StartException {
    if (options.help()) {
      System.out.print(Options.HELP);
      return;
    }
    Path file = options.config();
    Config config = file == null ? Config.demo() : Config.read(file);
    String credential = null;
    if (options.console() && config.operators().isEmpty()) {
      credential = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
      credential += HexFormat.of().toHexDigits(new SecureRandom().nextLong());
      config = config.with(ConsoleOperator.of(OPERATOR, credential));
    }
    ChatServer server = ChatServer.start(options, config);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "goodbye"));
    welcome(options, config, server, credential);
  }

  private static void welcome(
      Options options, Config config, ChatServer server, @Nullable String credential)
      throws StartException {
    String url = "http://" + shown(options.host()) + ":" + server.port();
    StringBuilder text = new StringBuilder();
    text.append("\nFluxy is up. Open the chat page in two tabs:\n\n");
    line(text, "Chat page", url + "/");
    if (!config.operators().isEmpty()) {
      line(text, "Console", url + "/fluxy/console/");
    }
    if (credential != null) {
      line(text, "Operator", OPERATOR + ", credential " + credential);
    }
    line(text, "Database", options.database().toString());
    for (Project project : config.projects()) {
      text.append('\n');
      line(text, "Project", project.id());
      if (project.equals(Config.DEMO)) {
        line(text, "API key", server.mintKey(project).text());
      }
      line(text, "Owner token", server.ownerToken(project));
      for (PusherApp app : config.pusherApps()) {
        if (app.project().equals(project.id())) {
          line(text, "Pusher", "app id " + app.id() + ", key " + app.keys().get(0).key());
        }
      }
      for (PushFloApp app : config.pushFloApps()) {
        if (app.project().equals(project.id())) {
          line(text, "PushFlo", url + ", for baseUrl and consoleUrl");
        }
      }
      for (ChannelApp app : config.channelApps()) {
        if (app.project().equals(project.id())) {
          line(text, "Channels", url.replaceFirst("http", "ws") + "/ws/CHANNEL");
        }
      }
    }
    text.append("\nready ").append(url).append('\n');
    System.out.print(text);
    System.out.flush();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format("  %-12s %s%n", name, value));
  }

  /** The address to open in a browser on this machine. */
  private static String shown(String host) {
    if (host.equals("0.0.0.0") || host.equals("::")) {
      return "127.0.0.1";
    }
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
