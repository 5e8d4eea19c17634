package io.fluxy.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  @Test
  void withoutOptionsItListensOnThisMachineOnlyAndKeepsAnSqliteFile() throws StartException {
    Options options = Options.parse();

    assertThat(options.host()).isEqualTo("127.0.0.1");
    assertThat(options.port()).isEqualTo(8080);
    assertThat(options.database()).hasToString("sqlite:fluxy-quickstart.db");
    assertThat(options.config()).isNull();
    assertThat(options.help()).isFalse();
  }

  @Test
  void everyOptionIsTaken() throws StartException {
    Options options =
        Options.parse(
            "--config",
            "a.json",
            "--db",
            "h2:data/chat",
            "--host",
            "0.0.0.0",
            "--port",
            "0",
            "--help");

    assertThat(options.config()).isEqualTo(Path.of("a.json"));
    assertThat(options.database()).isEqualTo(new Database(Database.Kind.H2, Path.of("data/chat")));
    assertThat(options.host()).isEqualTo("0.0.0.0");
    assertThat(options.port()).isZero();
    assertThat(options.help()).isTrue();
  }

  @Test
  void aFileNameMayHaveAColon() throws StartException {
    assertThat(Options.parse("--db", "sqlite:a:b").database().file()).isEqualTo(Path.of("a:b"));
  }

  @Test
  void aServersPasswordIsNotShown() throws StartException {
    Database database = Options.parse("--db", "postgresql://db.example/chat?password=x").database();

    assertThat(database.kind()).isEqualTo(Database.Kind.POSTGRESQL);
    assertThat(database).hasToString("postgresql://db.example/chat");
  }

  @Test
  void memoryNeedsNoFile() throws StartException {
    assertThat(Options.parse("--db", "memory").database()).hasToString("memory");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --colour                 | unknown option --colour, see --help
          -h                       | unknown option -h, see --help
          chat                     | unknown option chat, see --help
          --port=80                | unknown option --port=80, see --help
          --port                   | --port needs a value, see --help
          --port --help            | --port needs a value, see --help
          --port eighty            | --port must be a number from 0 to 65535, not eighty
          --port 65536             | --port must be a number from 0 to 65535, not 65536
          --port -1                | --port must be a number from 0 to 65535, not -1
          --port 99999999999       | --port must be a number from 0 to 65535, not 99999999999
          --port 1 --port 2        | --port is given twice
          --db                     | --db needs a value, see --help
          --db mysql:x             | --db must be sqlite:FILE, h2:FILE, postgresql://HOST/NAME or memory, not mysql:x
          --db sqlite:             | --db must be sqlite:FILE, h2:FILE, postgresql://HOST/NAME or memory, not sqlite:
          --db sqlite              | --db must be sqlite:FILE, h2:FILE, postgresql://HOST/NAME or memory, not sqlite
          --db Memory              | --db must be sqlite:FILE, h2:FILE, postgresql://HOST/NAME or memory, not Memory
          --config                 | --config needs a value, see --help
          --host                   | --host needs a value, see --help
          """)
  void whatIsWrongIsNamed(String line, String complaint) {
    assertThatThrownBy(() -> Options.parse(line.split(" ")))
        .isInstanceOf(StartException.class)
        .hasMessage(complaint);
  }

  @Test
  void aFileNameThatNoSystemHasIsNamed() {
    assertThatThrownBy(() -> Options.parse("--config", "a\0b"))
        .isInstanceOf(StartException.class)
        .hasMessage("--config: not a file name: a b");
  }
}
