package io.fluxy.spring;

import io.fluxy.spring.FluxyProperties.StoreProperties;
import io.fluxy.store.Store;
import io.fluxy.store.jdbc.JdbcStore;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;

/** Which store the properties ask for. */
final class StoreChoice {
  private static final Logger LOG = LoggerFactory.getLogger(StoreChoice.class);
  private static final String FILE = "fluxy.db";

  private StoreChoice() {}

  static Store open(StoreProperties said, ObjectProvider<DataSource> dataSources) {
    String file = said.file();
    return switch (said.kind()) {
      case FILE -> JdbcStore.sqlite(Path.of(file == null ? FILE : file));
      case MEMORY -> Store.inMemory();
      case DATA_SOURCE -> {
        DataSource found = theOne(dataSources);
        if (found == null) {
          throw new IllegalStateException(
              "fluxy.store.kind=data-source: the application has no DataSource");
        }
        yield JdbcStore.open(found);
      }
      case AUTO -> {
        if (file != null) {
          yield JdbcStore.sqlite(Path.of(file));
        }
        DataSource found = theOne(dataSources);
        if (found != null) {
          yield JdbcStore.open(found);
        }
        LOG.warn(
            "There is no DataSource, so Fluxy keeps messages in memory: they are gone when the"
                + " application stops. Name a file (fluxy.store.file=chat.db, with"
                + " org.xerial:sqlite-jdbc), or say fluxy.store.kind=memory if this is what you"
                + " want.");
        yield Store.inMemory();
      }
    };
  }

  private static @Nullable DataSource theOne(ObjectProvider<DataSource> dataSources) {
    DataSource found = dataSources.getIfUnique();
    if (found == null && dataSources.stream().findAny().isPresent()) {
      throw new IllegalStateException(
          "Fluxy: there are several DataSources and none is @Primary. Mark one, or declare a bean"
              + " of type io.fluxy.store.Store: JdbcStore.open(dataSource)");
    }
    return found;
  }
}
