package io.fluxy.examples.quarkus;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.store.jdbc.JdbcStore;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import javax.sql.DataSource;

/** The engine as a bean, on the application's data source. */
final class Chat {
  static final String PROJECT = "app";

  @Produces
  @Singleton
  Fluxy fluxy(DataSource dataSource) {
    Fluxy fluxy =
        Fluxy.builder().store(JdbcStore.open(dataSource)).project(Project.named(PROJECT)).start();
    RoomId lobby = new RoomId(PROJECT, "lobby");
    fluxy.createRoom(lobby, RoomType.PUBLIC, "Lobby", "host").toCompletableFuture().join();
    return fluxy;
  }

  /** Before the data source, which the engine was made from. */
  void close(@Disposes Fluxy fluxy) {
    fluxy.close();
  }
}
