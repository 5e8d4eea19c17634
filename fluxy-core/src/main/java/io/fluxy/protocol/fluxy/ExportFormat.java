package io.fluxy.protocol.fluxy;

import io.fluxy.chat.Message;
import io.fluxy.store.RoomRecord;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How exported messages are written down. */
enum ExportFormat {
  /** An object with one array, of the form that history has. */
  JSON("application/json", "json") {
    @Override
    String head(RoomRecord room) {
      return "{\"messages\":[";
    }

    @Override
    String message(RoomRecord room, Message message, boolean first) {
      byte[] json = Json.bytes(out -> MessageJson.stored(out, room.id(), message));
      return (first ? "" : ",") + new String(json, StandardCharsets.UTF_8);
    }

    @Override
    String tail() {
      return "]}";
    }
  },

  /** RFC 4180; a field that a spreadsheet would calculate gets an apostrophe in front. */
  CSV("text/csv;charset=UTF-8", "csv") {
    @Override
    String head(RoomRecord room) {
      return "id,createdAt,roomId,userId,content,parentId,mentions\r\n";
    }

    @Override
    String message(RoomRecord room, Message message, boolean first) {
      String parent = message.parentId() == null ? "" : message.parentId().toString();
      return String.join(
              ",",
              Long.toString(message.id()),
              MessageJson.iso(message.createdAtMs()),
              field(room.id().name()),
              field(message.userId()),
              field(message.content()),
              parent,
              field(array(message.mentioned())))
          + "\r\n";
    }

    @Override
    String tail() {
      return "";
    }
  },

  /** For people: who, when, and the text, with every sign that Markdown knows made a plain one. */
  MARKDOWN("text/markdown;charset=UTF-8", "markdown") {
    @Override
    String head(RoomRecord room) {
      return "# " + plain(String.join(" ", room.name().lines().toList())) + "\n";
    }

    @Override
    String message(RoomRecord room, Message message, boolean first) {
      String when = MessageJson.iso(message.createdAtMs());
      String text = String.join("\n> ", plain(message.content()).lines().toList());
      return "\n**" + plain(message.userId()) + "** (" + when + ")\n\n> " + text + "\n";
    }

    @Override
    String tail() {
      return "";
    }
  };

  private final String contentType;
  private final String extension;

  ExportFormat(String contentType, String extension) {
    this.contentType = contentType;
    this.extension = extension;
  }

  String contentType() {
    return contentType;
  }

  String extension() {
    return extension;
  }

  abstract String head(RoomRecord room);

  abstract String message(RoomRecord room, Message message, boolean first);

  abstract String tail();

  private static String field(String text) {
    boolean calculates = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
    String guarded = calculates ? "'" + text : text;
    boolean quoted = guarded.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return quoted ? '"' + guarded.replace("\"", "\"\"") + '"' : guarded;
  }

  private static String array(List<String> words) {
    byte[] json =
        Json.bytes(
            out -> {
              out.writeStartArray();
              for (String word : words) {
                out.writeString(word);
              }
              out.writeEndArray();
            });
    return new String(json, StandardCharsets.UTF_8);
  }

  private static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("\\`*_[]<>#|!&~$".indexOf(c) >= 0) {
        plain.append('\\');
      }
      plain.append(c);
    }
    return plain.toString();
  }
}
