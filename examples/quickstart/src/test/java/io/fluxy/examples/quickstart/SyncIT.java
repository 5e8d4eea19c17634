package io.fluxy.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An acknowledgement means synced: the real jar runs under strace, messages are sent one after the
 * other, and between each of them and its acknowledgement a sync must have ended.
 */
class SyncIT {
  private static final int SENDS = 200;
  private static final String KEY = "fc_0123456789abcdef0123456789abcdef";
  private static final String CONFIG =
      """
      {"projects":[{"id":"sync","apiKey":"%s","jwtSecret":"a secret for as long as it is watched",
        "limits":{"messagesPerMinute":1000000}}]}
      """
          .formatted(KEY);

  /** When the call began or was resumed, and how long it took in all. */
  private static final Pattern SYNC =
      Pattern.compile("\\d+ +(\\d+\\.\\d+) (<\\.\\.\\. )?(?:fsync|fdatasync).*= 0 <(\\d+\\.\\d+)>");

  @TempDir Path folder;

  private record Sent(Instant at, Instant acknowledged) {}

  @ParameterizedTest
  @ValueSource(strings = {"sqlite:sync.db", "h2:sync"})
  void everyAcknowledgementFollowsASync(String database) throws Exception {
    assertThat(unsynced(database)).isEmpty();
  }

  @Test
  void aStoreThatSyncsNothingIsFoundOut() throws Exception {
    assertThat(unsynced("memory")).hasSize(SENDS);
  }

  private List<Sent> unsynced(String database) throws Exception {
    assumeStrace();
    Files.writeString(folder.resolve("fluxy.json"), CONFIG);
    List<String> strace =
        List.of("strace", "-f", "-ttt", "-T", "-e", "trace=fsync,fdatasync", "-o", "syncs.txt");
    List<Sent> sends = new ArrayList<>();
    String[] options = {"--port", "0", "--db", database, "--config", "fluxy.json"};
    try (Child child = Child.startUnder(strace, folder, options)) {
      Wire wire = new Wire(child.url());
      String token = wire.token(KEY, "ann");
      for (int i = 0; i < SENDS; i++) {
        Instant before = Instant.now();
        wire.post(token, "cmsg_sync_" + i, "message " + i);
        sends.add(new Sent(before, Instant.now()));
      }
      child.ask();
      child.status(Duration.ofSeconds(20));
    }
    List<Instant> syncs = syncs();
    List<Sent> unsynced =
        sends.stream()
            .filter(
                sent ->
                    syncs.stream()
                        .noneMatch(s -> s.isAfter(sent.at) && s.isBefore(sent.acknowledged)))
            .toList();
    System.out.printf("SyncIT %s: %d syncs for %d sends%n", database, syncs.size(), SENDS);
    return unsynced;
  }

  private static void assumeStrace() throws InterruptedException {
    boolean works;
    try {
      Process process = new ProcessBuilder("strace", "-f", "-o", "/dev/null", "true").start();
      works = process.waitFor() == 0;
    } catch (IOException e) {
      works = false;
    }
    if (!works) {
      System.out.println("SyncIT: strace is not here or may not trace; nothing is shown");
    }
    assumeTrue(works);
  }

  /** When each sync ended. */
  private List<Instant> syncs() throws IOException {
    List<Instant> ends = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("syncs.txt"))) {
      Matcher call = SYNC.matcher(line);
      if (call.matches()) {
        boolean resumed = call.group(2) != null;
        double end =
            Double.parseDouble(call.group(1)) + (resumed ? 0 : Double.parseDouble(call.group(3)));
        ends.add(Instant.ofEpochSecond((long) end, (long) (end % 1 * 1e9)));
      }
    }
    return ends;
  }
}
