package io.fluxy.wire;

import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import java.util.ArrayList;
import java.util.List;

/**
 * Events that a room tells together to the same members, and their frames: each codec encodes them
 * once, however many members hear them.
 *
 * <p>{@link #frames} is for the room's turn only; {@link Frames} are for everyone.
 */
public final class Delivery {
  private final RoomId room;
  private final List<Event> events;
  private final List<Encoded> encoded =
      new ArrayList<>(1); // as many as there are codecs in the room: one or two

  public Delivery(RoomId room, List<? extends Event> events) {
    this.room = room;
    this.events = List.copyOf(events);
  }

  public RoomId room() {
    return room;
  }

  public List<Event> events() {
    return events;
  }

  /** The events in this codec's words; encoded by the first call. */
  public Frames frames(Codec codec) {
    for (int i = 0; i < encoded.size(); i++) {
      Encoded known = encoded.get(i);
      if (known.codec == codec) {
        return known.frames;
      }
    }
    FrameWriter out = new FrameWriter(codec.framing());
    for (Event event : events) {
      codec.encode(room, event, out);
    }
    Frames frames = out.frames();
    encoded.add(new Encoded(codec, frames));
    return frames;
  }

  private record Encoded(Codec codec, Frames frames) {}
}
