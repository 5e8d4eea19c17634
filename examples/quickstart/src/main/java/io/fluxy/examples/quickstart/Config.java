package io.fluxy.examples.quickstart;

import io.fluxy.auth.ApiKey;
import io.fluxy.auth.Project;
import io.fluxy.chat.Limits;
import io.fluxy.console.ConsoleOperator;
import io.fluxy.protocol.channels.ChannelApp;
import io.fluxy.protocol.pusher.PusherApp;
import io.fluxy.protocol.pushflo.PushFloApp;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The projects this server hosts, and the web pages that may talk to it: the file behind {@code
 * --config}.
 *
 * @param projects at least one
 * @param pusherApps those of the projects that Pusher's clients may connect to
 * @param pushFloApps those that PushFlo's clients may connect to
 * @param channelApps those of the projects whose rooms are plain channels, too
 * @param operators who may sign in to the console; if there are none, there is no console
 */
record Config(
    List<Project> projects,
    List<PusherApp> pusherApps,
    List<PushFloApp> pushFloApps,
    List<ChannelApp> channelApps,
    List<String> allowedOrigins,
    List<ConsoleOperator> operators) {
  /** What is hosted without a file. The engine makes its secret and keeps it in the database. */
  static final Project DEMO = Project.named("demo").called("Demo");

  private static final long CONFIG_BYTES_MAX = 1024 * 1024;

  Config {
    projects = List.copyOf(projects);
    pusherApps = List.copyOf(pusherApps);
    pushFloApps = List.copyOf(pushFloApps);
    channelApps = List.copyOf(channelApps);
    allowedOrigins = List.copyOf(allowedOrigins);
    operators = List.copyOf(operators);
  }

  static Config demo() {
    return new Config(List.of(DEMO), List.of(), List.of(), List.of(), List.of(), List.of());
  }

  /** The same with one operator more. */
  Config with(ConsoleOperator operator) {
    List<ConsoleOperator> more = new ArrayList<>(operators);
    more.add(operator);
    return new Config(projects, pusherApps, pushFloApps, channelApps, allowedOrigins, more);
  }

  /** Reads a file; complaints name the file and the key. */
  static Config read(Path file) throws StartException {
    try {
      return parse(bytes(file));
    } catch (StartException | BadJsonException e) {
      throw new StartException(file + ": " + e.getMessage());
    }
  }

  private static byte[] bytes(Path file) throws StartException {
    try {
      if (Files.isDirectory(file)) {
        throw new StartException("is a folder, not a file");
      }
      if (Files.size(file) > CONFIG_BYTES_MAX) {
        throw new StartException("is longer than " + CONFIG_BYTES_MAX + " bytes");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new StartException("no such file");
    } catch (IOException e) {
      throw new StartException("can't be read");
    }
  }

  static Config parse(byte[] json) throws StartException {
    Keys root = Keys.root(Json.object(json));
    List<PusherApp> apps = new ArrayList<>();
    List<PushFloApp> pushFlo = new ArrayList<>();
    List<ChannelApp> channels = new ArrayList<>();
    List<Project> projects =
        root.has("projects") ? projects(root, apps, pushFlo, channels) : List.of(DEMO);
    List<String> origins = root.strings("allowedOrigins");
    for (int i = 0; i < origins.size(); i++) {
      if (!origins.get(i).matches("\\*|https?://[^/?#\\s]+")) {
        throw new StartException(
            "allowedOrigins[" + i + "]: must be like https://app.example.org, or *");
      }
    }
    Optional<Keys> console = root.object("console");
    List<ConsoleOperator> operators = console.isPresent() ? operators(console.get()) : List.of();
    root.end();
    return new Config(projects, apps, pushFlo, channels, origins, operators);
  }

  private static List<Project> projects(
      Keys root, List<PusherApp> apps, List<PushFloApp> pushFloApps, List<ChannelApp> channelApps)
      throws StartException {
    List<Keys> all = root.objects("projects");
    if (all.isEmpty()) {
      throw new StartException("projects: needs at least one");
    }
    Map<String, String> ids = new HashMap<>();
    Map<String, String> apiKeys = new HashMap<>();
    Map<String, String> appIds = new HashMap<>();
    Map<String, String> appKeys = new HashMap<>();
    Map<String, String> pushFloKeys = new HashMap<>();
    List<Project> projects = new ArrayList<>();
    for (Keys keys : all) {
      Optional<Keys> pusher = keys.object("pusher");
      Optional<Keys> pushFlo = keys.object("pushflo");
      Optional<Keys> channels = keys.object("channels");
      Project project = project(keys);
      unique(ids, keys.path("id"), project.id());
      ApiKey apiKey = project.apiKey();
      if (apiKey != null) {
        unique(apiKeys, keys.path("apiKey"), apiKey.text());
      }
      if (pusher.isPresent()) {
        PusherApp app = pusherApp(pusher.get(), project);
        unique(appIds, pusher.get().path("appId"), app.id());
        unique(appKeys, pusher.get().path("key"), app.keys().get(0).key());
        apps.add(app);
      }
      if (pushFlo.isPresent()) {
        pushFloApps.add(pushFloApp(pushFlo.get(), project, pushFloKeys));
      }
      if (channels.isPresent()) {
        channelApps.add(channelApp(channels.get(), project));
      }
      projects.add(project);
    }
    return projects;
  }

  private static List<ConsoleOperator> operators(Keys console) throws StartException {
    List<ConsoleOperator> operators = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    for (Keys keys : console.objects("operators")) {
      String name = required(keys, "name");
      String credential = required(keys, "credential");
      List<String> projects = keys.strings("projects");
      keys.end();
      unique(names, keys.path("name"), name);
      ConsoleOperator operator =
          keys.checked("credential", () -> ConsoleOperator.of(name, credential));
      operators.add(
          projects.isEmpty() ? operator : operator.forProjects(projects.toArray(String[]::new)));
    }
    console.end();
    if (operators.isEmpty()) {
      throw new StartException("console.operators: needs at least one");
    }
    return operators;
  }

  private static void unique(Map<String, String> seen, String path, String value)
      throws StartException {
    String first = seen.putIfAbsent(value, path);
    if (first != null) {
      throw new StartException(path + ": the same as " + first);
    }
  }

  private static Project project(Keys keys) throws StartException {
    String id = required(keys, "id");
    Project project = keys.checked("id", () -> Project.named(id));
    project = project.called(keys.string("name").orElse(id));
    Optional<String> apiKey = keys.string("apiKey");
    if (apiKey.isPresent()) {
      Project named = project;
      project = keys.checked("apiKey", () -> named.apiKey(apiKey.get()));
    }
    Optional<String> jwtSecret = keys.string("jwtSecret");
    if (jwtSecret.isPresent()) {
      Project named = project;
      project = keys.checked("jwtSecret", () -> named.jwtSecret(jwtSecret.get()));
    }
    Limits limits = limits(keys);
    keys.end();
    return limits == null ? project : project.limits(limits);
  }

  private static PusherApp pusherApp(Keys keys, Project project) throws StartException {
    String appId = required(keys, "appId");
    String key = required(keys, "key");
    String secret = required(keys, "secret");
    boolean clientEvents = keys.flag("clientEvents", true);
    keys.end();
    PusherApp app =
        keys.checked("appId", () -> PusherApp.of(appId, project.id(), "unchecked", "unchecked"));
    PusherApp.Key pair = keys.checked("key", () -> new PusherApp.Key(key, secret));
    return PusherApp.of(app.id(), app.project(), pair.key(), pair.secret())
        .clientEvents(clientEvents);
  }

  private static PushFloApp pushFloApp(Keys keys, Project project, Map<String, String> seen)
      throws StartException {
    PushFloApp app = PushFloApp.of(project.id());
    for (PushFloApp.Power power : PushFloApp.Power.values()) {
      String name =
          switch (power) {
            case SUBSCRIBE -> "publishKey";
            case PUBLISH -> "secretKey";
            case MANAGE -> "managementKey";
          };
      Optional<String> key = keys.string(name);
      if (key.isPresent()) {
        if (!key.get().startsWith(power.prefix())) {
          throw new StartException(keys.path(name) + ": must begin with " + power.prefix());
        }
        unique(seen, keys.path(name), key.get());
        PushFloApp before = app;
        app = keys.checked(name, () -> before.key(key.get()));
      }
    }
    if (app.keys().isEmpty()) {
      throw new StartException(keys.path("publishKey") + ": missing");
    }
    if (keys.flag("createOnPublish", false)) {
      app = app.with(PushFloApp.Option.CREATE_ON_PUBLISH);
    }
    if (keys.flag("presenceEvents", false)) {
      app = app.with(PushFloApp.Option.PRESENCE_EVENTS);
    }
    keys.end();
    return app;
  }

  private static ChannelApp channelApp(Keys keys, Project project) throws StartException {
    String key = required(keys, "key");
    String secret = required(keys, "secret");
    boolean open = keys.flag("open", true);
    boolean clientEvents = keys.flag("clientEvents", true);
    keys.end();
    return keys.checked("key", () -> ChannelApp.of(project.id(), key, secret))
        .open(open)
        .clientEvents(clientEvents);
  }

  private static String required(Keys keys, String key) throws StartException {
    return keys.string(key).orElseThrow(() -> new StartException(keys.path(key) + ": missing"));
  }

  private static @Nullable Limits limits(Keys project) throws StartException {
    Optional<Keys> found = project.object("limits");
    if (found.isEmpty()) {
      return null;
    }
    Keys keys = found.get();
    Limits defaults = Limits.defaults();
    Limits limits =
        defaults.toBuilder()
            .messagesPerMinute(keys.count("messagesPerMinute", 1, defaults.messagesPerMinute()))
            .tokensPerMinute(keys.count("tokensPerMinute", 1, defaults.tokensPerMinute()))
            .commandsPerMinute(keys.count("commandsPerMinute", 1, defaults.commandsPerMinute()))
            .messagesPerMonth(keys.count("messagesPerMonth", 0, 0))
            .build();
    keys.end();
    return limits;
  }
}
