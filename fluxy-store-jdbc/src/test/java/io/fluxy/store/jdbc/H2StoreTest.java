package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.store.Store;
import io.fluxy.store.StoreContract;
import io.fluxy.store.StoreException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2StoreTest extends StoreContract {
  @TempDir Path folder;

  @Override
  protected Store newStore() {
    return JdbcStore.h2(file());
  }

  @Override
  protected Optional<Store> reopened() {
    return Optional.of(JdbcStore.h2(file()));
  }

  private Path file() {
    return folder.resolve("data").resolve("chat of Ünal");
  }

  @Test
  void everyConnectionWritesAtOnce() throws Exception {
    String url = "jdbc:h2:file:" + file();
    Database database =
        new H2Database(url, () -> DriverManager.getConnection(url, "sa", ""), () -> {});

    try (Session session = database.connect()) {
      assertThat(
              Database.texts(
                  session,
                  "select distinct setting_value from information_schema.settings"
                      + " where setting_name = 'WRITE_DELAY'"))
          .isEqualTo(List.of("0"));
    }
    assertThat(database.durability()).isEqualTo(Store.Durability.POWER);
  }

  @Test
  void aFileThatIsOpenIsRefusedByName() {
    assertThatThrownBy(() -> JdbcStore.h2(file()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("chat of Ünal.mv.db")
        .hasMessageContaining("another store");
  }

  @Test
  void aFileThatAnotherProcessHasOpenIsRefusedByName() throws Exception {
    Path file = folder.resolve("locked");
    try (ChildJvm other = ChildJvm.start(HoldsH2.class, file.toString())) {
      assertThat(other.line()).as("it has opened the file").isEqualTo("open");

      assertThatThrownBy(() -> JdbcStore.h2(file))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("locked.mv.db")
          .hasMessageContaining("another process");
      other.kill();
      other.status();
    }
    JdbcStore.h2(file).close();
  }

  /** Opens a file and holds it until it is killed. */
  static final class HoldsH2 {
    public static void main(String[] file) throws Exception {
      try (Store store = JdbcStore.h2(Path.of(file[0]))) {
        System.out.println("open");
        store.durability();
        int end = System.in.read(); // nothing comes before the test ends, or its process does
        System.out.write(end);
      }
    }
  }
}
