package io.fluxy.attachment;

import io.fluxy.chat.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A folder for each project, and in it one for each of the first two letters of file ids. Names on
 * disk are made of ids only, never of what a user has called a file.
 */
final class FolderDepot implements Depot {
  private final Path root;

  FolderDepot(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public void put(String projectId, String fileId, byte[] bytes) throws IOException {
    Path file = file(projectId, fileId);
    Path part = part(file);
    Files.createDirectories(file.resolveSibling("."));
    try (FileChannel channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public byte[] read(String projectId, String fileId, long offset, int max) throws IOException {
    try (FileChannel channel = FileChannel.open(file(projectId, fileId), StandardOpenOption.READ)) {
      ByteBuffer piece =
          ByteBuffer.allocate((int) Math.max(0, Math.min(max, channel.size() - offset)));
      int got = 0;
      while (got >= 0 && piece.hasRemaining()) { // a read need not fill the buffer
        got = channel.read(piece, offset + piece.position());
      }
      return Arrays.copyOf(piece.array(), piece.position());
    }
  }

  @Override
  public void remove(String projectId, String fileId) throws IOException {
    Path file = file(projectId, fileId);
    Files.deleteIfExists(part(file));
    Files.deleteIfExists(file);
  }

  private static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }

  private Path file(String projectId, String fileId) {
    if (!Names.isId(projectId) || !Names.isId(fileId) || fileId.length() < 2) {
      throw new IllegalArgumentException(
          "no file of ours: " + Names.shown(projectId) + "/" + Names.shown(fileId));
    }
    return root.resolve(projectId).resolve(fileId.substring(0, 2)).resolve(fileId);
  }

  @Override
  public String toString() {
    return "folder " + root;
  }
}
