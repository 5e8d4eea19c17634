package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every store must hold when many write at once; part of {@link StoreContract}. */
abstract class WritersContract extends StoreStories {
  WritersContract(StoreContract suite) {
    super(suite);
  }

  @Test
  void aConflictInOneRoomDoesNotHarmTheOthers() {
    List<Room> rooms = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Room room = founded(new RoomId("shop", "room-" + i));
      room.append(room.sent(1, "ann", "client-id-1", "first"));
      rooms.add(room);
    }

    List<CompletionStage<Void>> stages = new ArrayList<>();
    for (int i = 0; i < rooms.size(); i++) {
      Room room = rooms.get(i);
      Event.Durable event =
          i % 3 == 0
              ? room.sent(2, "ann", "client-id-1", "again")
              : room.sent(i % 3, "ann", "client-id-" + (i + 100), "next");
      stages.add(store().messages().append(room.id, List.of(event)));
    }

    for (int i = 0; i < rooms.size(); i++) {
      CompletionStage<Void> stage = stages.get(i);
      if (i % 3 == 0) {
        assertThatThrownBy(() -> get(stage)).isInstanceOf(ClientIdTakenException.class);
      } else if (i % 3 == 1) {
        assertThatThrownBy(() -> get(stage)).isInstanceOf(SeqTakenException.class);
      } else {
        get(stage);
      }
      assertThat(rooms.get(i).read(0, 10)).hasSize(i % 3 == 2 ? 2 : 1);
    }
  }

  @Test
  void ofManyWritersThatOfferTheSameSeqExactlyOneWins() throws Exception {
    Room lobby = founded(LOBBY);
    int writers = 8;
    int seqs = 50;

    List<Integer> wins =
        together(
            writers,
            writer -> {
              int won = 0;
              for (long seq = 1; seq <= seqs; seq++) {
                won += race(store(), lobby, lobby.post(seq, "writer-" + writer, "mine")) ? 1 : 0;
              }
              return won;
            });

    assertThat(wins.stream().mapToInt(won -> won).sum()).isEqualTo(seqs);
    assertThat(lobby.read(0, 100))
        .extracting(Event.Durable::seq)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, seqs).boxed().toList());
  }

  @Test
  void twoStoresThatRaceOnOneRoomNeverForkIt() throws Exception {
    Optional<Store> second = second();
    assumeTrue(second.isPresent(), "this store cannot be opened twice");
    Room lobby = founded(LOBBY);
    int seqs = 60;
    try (Store other = second.get()) {
      List<List<Long>> wins =
          together(
              4,
              writer -> {
                Store mine = writer % 2 == 0 ? store() : other;
                List<Long> won = new ArrayList<>();
                for (long seq = 1; seq <= seqs; seq++) {
                  if (race(mine, lobby, lobby.post(seq, "writer-" + writer, "mine"))) {
                    won.add(seq);
                  }
                }
                return won;
              });

      List<Event.Durable> log = lobby.read(0, 100);
      assertThat(log)
          .extracting(Event.Durable::seq)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, seqs).boxed().toList());
      for (Event.Durable event : log) {
        String author = ((Event.Posted) event).message().userId();
        int writer = Integer.parseInt(author.substring("writer-".length()));
        assertThat(wins.get(writer)).as("who wrote it was told so").contains(event.seq());
      }
      assertThat(wins.stream().mapToInt(List::size).sum()).isEqualTo(seqs);
      assertThat(get(other.messages().read(LOBBY, 0, 100))).isEqualTo(log);
    }
  }

  @Test
  void twoStoresThatCreateRoomsNeverGiveANumberTwice() throws Exception {
    Optional<Store> second = second();
    assumeTrue(second.isPresent(), "this store cannot be opened twice");
    try (Store other = second.get()) {
      together(
          4,
          writer -> {
            Store mine = writer % 2 == 0 ? store() : other;
            for (int i = 0; i < 10; i++) {
              create(mine, new RoomId("shop", "room-" + (i * 2 + writer / 2)), RoomType.PUBLIC);
            }
            return 0;
          });

      assertThat(get(store().directory().rooms("shop", null, null, User.named("ann"), 100)))
          .extracting(listing -> listing.room().number())
          .hasSize(20)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void manyRoomsWrittenAtOnceAllKeepWhatWasAcknowledged() throws Exception {
    List<Room> rooms = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rooms.add(founded(new RoomId("shop", "room-" + i)));
    }

    together(
        8,
        writer -> {
          for (long seq = 1; seq <= 20; seq++) {
            List<CompletionStage<Void>> stages = new ArrayList<>();
            for (int i = writer; i < rooms.size(); i += 8) {
              Room room = rooms.get(i);
              Event.Durable event = room.sent(seq, "ann", "client-id-" + seq, i + " says " + seq);
              stages.add(store().messages().append(room.id, List.of(event)));
            }
            stages.forEach(StoreStories::get);
          }
          return 0;
        });

    for (int i = 0; i < rooms.size(); i++) {
      Room room = rooms.get(i);
      assertThat(room.open(5).head()).isEqualTo(20);
      List<Event.Durable> log = room.read(0, 100);
      for (int seq = 1; seq <= 20; seq++) {
        assertThat(((Event.Posted) log.get(seq - 1)).message().content())
            .isEqualTo(i + " says " + seq);
      }
    }
  }
}
