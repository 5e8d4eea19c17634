package io.fluxy.attachment;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Keeps the bytes of uploaded files. What they are called, whose they are and who may have them is
 * none of its business.
 *
 * <p>Called on threads of its own, several at once, and may block. A failure is logged and the file
 * it was about is refused, or tried again later. Project ids and file ids are made of letters,
 * digits, {@code _ -}.
 */
public interface Depot {
  /** Keeps a file so that it would survive a crash, or throws. Called once for a file. */
  void put(String projectId, String fileId, byte[] bytes) throws IOException;

  /**
   * A piece of a file.
   *
   * @param max at most so many bytes; fewer only at the end of the file, none behind it
   * @throws IOException also if there is no such file
   */
  byte[] read(String projectId, String fileId, long offset, int max) throws IOException;

  /** Removes a file; one that is not there, or only a part of it, is fine. */
  void remove(String projectId, String fileId) throws IOException;

  /**
   * Keeps files in a folder, which is made if it is not there. It must be nobody else's, and must
   * not be served by a web server: the engine checks who may have a file, a folder does not.
   */
  static Depot folder(Path folder) {
    return new FolderDepot(folder);
  }
}
