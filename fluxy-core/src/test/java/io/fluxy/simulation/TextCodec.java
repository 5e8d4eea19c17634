package io.fluxy.simulation;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.wire.Codec;
import io.fluxy.wire.FrameWriter;
import io.fluxy.wire.Frames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A protocol for tests: every event is one line of fields, {@code project/room|kind|seq|...}. A
 * message of a snapshot reads like its post with reactions behind.
 */
final class TextCodec implements Codec {
  private final @Nullable Bug bug;
  private final IdentityHashMap<Frames, List<Heard>> decoded = new IdentityHashMap<>();

  TextCodec(@Nullable Bug bug) {
    this.bug = bug;
  }

  /**
   * A frame as a client reads it.
   *
   * @param seq 0 if the event is not numbered
   */
  record Heard(String room, char kind, long seq, String line) {
    String field(int index) {
      int start = room.length() + 3;
      for (int i = 0; i < index; i++) {
        start = line.indexOf('|', start) + 1;
      }
      int end = line.indexOf('|', start);
      return line.substring(start, end < 0 ? line.length() : end);
    }

    long number(int index) {
      return Long.parseLong(field(index));
    }
  }

  @Override
  public Framing framing() {
    return Framing.WEBSOCKET;
  }

  @Override
  public void encode(RoomId room, Event event, FrameWriter out) {
    if (event instanceof Event.ReactionStands) {
      return; // clients here count nothing beforehand
    }
    boolean skips =
        bug == Bug.CODEC_SKIPS && event instanceof Event.Edited
            || bug == Bug.CODEC_SKIPS_TOOLS && event instanceof Event.ToolUsed;
    if (!skips) {
      String line = line(room, event);
      out.frame(json -> json.writeString(line));
    }
  }

  List<Heard> decode(Frames frames) {
    return decoded.computeIfAbsent(frames, TextCodec::decodeNow);
  }

  private static List<Heard> decodeNow(Frames frames) {
    List<Heard> heard = new ArrayList<>();
    for (ByteBuffer text : frames.texts()) {
      String quoted = StandardCharsets.UTF_8.decode(text).toString();
      String line = quoted.substring(1, quoted.length() - 1).replace("\\\"", "\"");
      int bar = line.indexOf('|');
      int next = line.indexOf('|', bar + 3);
      String seq = line.substring(bar + 3, next < 0 ? line.length() : next);
      char kind = line.charAt(bar + 1);
      boolean numbered = Character.isUpperCase(kind);
      heard.add(new Heard(line.substring(0, bar), kind, numbered ? Long.parseLong(seq) : 0, line));
    }
    return heard;
  }

  /** Capital letters are numbered events. */
  static String line(RoomId room, Event event) {
    return room + "|" + words(event);
  }

  private static String words(Event event) {
    if (event instanceof Event.Posted posted) {
      return message('P', posted.message());
    } else if (event instanceof Event.Edited e) {
      return join('E', e.seq(), e.atMs(), e.messageId(), e.userId(), e.content(), e.version());
    } else if (event instanceof Event.Deleted d) {
      return join('D', d.seq(), d.atMs(), d.messageId(), d.userId(), d.hard(), d.version());
    } else if (event instanceof Event.Reacted r) {
      return join('R', r.seq(), r.atMs(), r.messageId(), r.userId(), r.emoji(), r.add());
    } else if (event instanceof Event.MemberAdded a) {
      return join('A', a.seq(), a.atMs(), a.userId(), a.role(), a.by());
    } else if (event instanceof Event.MemberRemoved m) {
      return join('M', m.seq(), m.atMs(), m.userId(), m.by());
    } else if (event instanceof Event.Imposed i) {
      return join('I', i.seq(), i.atMs(), i.userId(), i.sanction(), i.untilMs(), i.by());
    } else if (event instanceof Event.ToolUsed t) {
      return join('T', t.seq(), t.atMs(), t.userId(), t.phase(), t.toolCallId(), t.json());
    } else if (event instanceof Event.RunReported u) {
      return join('U', u.seq(), u.atMs(), u.userId(), u.runId(), u.status(), u.json());
    } else if (event instanceof Event.Purged g) {
      return join('G', g.seq(), g.atMs(), String.valueOf(g.userId()), g.afterSeq(), g.beforeSeq());
    } else if (event instanceof Event.Pinned n) {
      return join('N', n.seq(), n.atMs(), n.by(), String.valueOf(n.messageId()));
    } else if (event instanceof Event.RoomChanged c) {
      return join('C', c.seq(), c.atMs(), c.by(), c.name(), c.type());
    } else if (event instanceof Event.Whispered q) {
      return join('q', q.userId(), q.name(), q.json());
    } else if (event instanceof Event.Typing t) {
      return join('t', t.userId(), t.typing(), t.intent());
    } else if (event instanceof Event.Read r) {
      return join('r', r.userId(), r.messageId());
    } else if (event instanceof Event.Arrived a) {
      return join('a', a.userId(), a.connectionId());
    } else if (event instanceof Event.Left l) {
      return join('l', l.userId());
    } else if (event instanceof Event.Presence p) {
      return join('p', p.connections(), users(p.present()));
    } else if (event instanceof Event.Welcomed w) {
      return join('w', w.connections(), users(w.present()), w.connectionId());
    } else if (event instanceof Event.Snapshot s) {
      return "s|" + snapshot(s.messages());
    } else if (event instanceof Event.Streamed s) {
      return join('g', s.messageId(), s.userId(), s.content());
    } else if (event instanceof Event.ThreadChanged c) {
      return join('h', c.messageId(), String.valueOf(c.replies()));
    } else if (event instanceof Event.StreamStarted s) {
      return join('k', s.messageId());
    } else if (event instanceof Event.StreamState s) {
      return join('z', s.message().id(), s.message().content());
    } else if (event instanceof Event.Resumed r) {
      return join('v', r.recovered(), r.lastSeq(), r.currentSeq());
    } else if (event instanceof Event.Refused r) {
      return join('x', r.refusal().reason(), String.valueOf(r.clientMessageId()));
    } else if (event instanceof Event.Repeated r) {
      return message('y', r.message());
    }
    throw new AssertionError("no word for " + event);
  }

  private static String message(char kind, Message m) {
    return join(
        kind,
        m.seq(),
        m.id(),
        m.userId(),
        String.valueOf(m.clientMessageId()),
        m.content(),
        m.createdAtMs(),
        m.version());
  }

  /** Messages and their reactions, in one line. */
  static String snapshot(Collection<StoredMessage> messages) {
    StringBuilder text = new StringBuilder();
    for (StoredMessage stored : messages) {
      Map<String, TreeSet<String>> reactions = new TreeMap<>();
      stored.reactions().forEach((emoji, users) -> reactions.put(emoji, new TreeSet<>(users)));
      text.append(message('m', stored.message())).append(reactions);
      text.append(stored.replies() == null ? "" : stored.replies()).append(' ');
    }
    return text.toString();
  }

  private static String users(List<Event.Present> present) {
    StringBuilder users = new StringBuilder();
    for (Event.Present each : present) {
      users.append(each.userId()).append(' ');
    }
    return users.toString();
  }

  private static String join(char kind, Object... fields) {
    StringBuilder text = new StringBuilder().append(kind);
    for (Object field : fields) {
      text.append('|').append(field);
    }
    return text.toString();
  }
}
