package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.attachment.Depot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Files on the heap; fails if it is told to. */
final class MemoryDepot implements Depot {
  final Map<String, byte[]> files = new TreeMap<>();
  boolean broken;

  @Override
  public void put(String projectId, String fileId, byte[] bytes) throws IOException {
    failIfBroken();
    files.put(projectId + "/" + fileId, bytes);
  }

  @Override
  public byte[] read(String projectId, String fileId, long offset, int max) throws IOException {
    failIfBroken();
    byte[] bytes = files.get(projectId + "/" + fileId);
    if (bytes == null) {
      throw new IOException("no file " + fileId);
    }
    int from = (int) Math.min(offset, bytes.length);
    return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + max));
  }

  @Override
  public void remove(String projectId, String fileId) throws IOException {
    failIfBroken();
    files.remove(projectId + "/" + fileId);
  }

  private void failIfBroken() throws IOException {
    if (broken) {
      throw new IOException("the disk is full");
    }
  }

  /** Uploads a text file and posts it; its id. */
  String posted(ChatServer server, String user, String room, String content) {
    Reply uploaded =
        server
            .call("POST", "/upload")
            .token(server.token(user))
            .header("X-Room-Id", room)
            .header("X-File-Name", "a.txt")
            .header("Content-Type", "text/plain")
            .body(content.getBytes(StandardCharsets.UTF_8))
            .now();
    assertThat(uploaded.status()).as("%s", uploaded).isEqualTo(200);
    Map<?, ?> file = (Map<?, ?>) uploaded.get("file");
    String message = "{'roomId':'%s','content':'look','attachments':[{'url':'%s'}]}";
    Reply posted =
        server.post(server.token(user), "/messages", message.formatted(room, file.get("url")));
    assertThat(posted.status()).as("%s", posted).isEqualTo(200);
    return String.valueOf(file.get("key"));
  }
}
