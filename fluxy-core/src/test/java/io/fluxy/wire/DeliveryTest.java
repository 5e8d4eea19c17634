package io.fluxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryTest {
  private static final RoomId LOBBY = new RoomId("acme", "lobby");
  private static final Event TYPING = new Event.Typing("ann", true, Command.Intent.COMPOSING);

  private int encoded;

  private Codec codec(Codec.Framing framing, int framesPerEvent) {
    return new Codec() {
      @Override
      public Framing framing() {
        return framing;
      }

      @Override
      public void encode(RoomId room, Event event, FrameWriter out) {
        encoded++;
        for (int i = 0; i < framesPerEvent; i++) {
          out.frame(json -> json.writeString(room.name()));
        }
      }
    };
  }

  @Test
  void eachCodecEncodesEachEventOnceHoweverManyHear() {
    Delivery delivery = new Delivery(LOBBY, List.of(TYPING, TYPING));
    Codec sockets = codec(Codec.Framing.WEBSOCKET, 1);
    Codec streams = codec(Codec.Framing.EVENT_STREAM, 1);
    Frames first = delivery.frames(sockets);
    for (int i = 0; i < 100; i++) {
      assertThat(delivery.frames(sockets)).isSameAs(first);
      assertThat(delivery.frames(streams)).isNotSameAs(first);
    }

    assertThat(encoded).isEqualTo(4);
    assertThat(first.texts()).hasSize(2);
  }

  @Test
  void aCodecMayHaveNoWordForAnEventOrSeveral() {
    Delivery delivery = new Delivery(LOBBY, List.of(TYPING));

    assertThat(delivery.frames(codec(Codec.Framing.WEBSOCKET, 0)).isEmpty()).isTrue();
    assertThat(delivery.frames(codec(Codec.Framing.WEBSOCKET, 3)).texts()).hasSize(3);
  }
}
