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
  static final RoomId LOBBY = new RoomId(PROJECT, "lobby");

  @Produces
  @Singleton
  JdbcStore store(DataSource dataSource) {
    return JdbcStore.open(dataSource);
  }

  @Produces
  @Singleton
  Fluxy fluxy(JdbcStore store) {
    Fluxy fluxy = Fluxy.builder().store(store).project(Project.named(PROJECT)).start();
    fluxy.createRoom(LOBBY, RoomType.PUBLIC, "Lobby", "host").toCompletableFuture().join();
    return fluxy;
  }

  /** Before the data source, which the engine was made from; its store is closed with it. */
  void close(@Disposes Fluxy fluxy) {
    fluxy.close();
  }
}
