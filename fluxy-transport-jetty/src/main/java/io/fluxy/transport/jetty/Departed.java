package io.fluxy.transport.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Looks whether a client has closed while it was waiting for its answer: the kernel takes what is
 * written to it all the same, once, and nobody would know.
 */
final class Departed {
  private Departed() {}

  /**
   * Reads what the client should not have sent yet, a byte at most. Nobody else reads meanwhile:
   * the request has been read, and the next one is not before this one is answered.
   */
  static boolean hasGone(Request request) {
    ConnectionMetaData meta = request.getConnectionMetaData();
    boolean alone = meta.getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion();
    if (!alone || !(meta.getConnection() instanceof Connection.UpgradeTo reader)) {
      return false; // HTTP/2 tells by itself
    }
    ByteBuffer next = BufferUtil.allocate(1);
    try {
      if (meta.getConnection().getEndPoint().fill(next) < 0) {
        return true;
      }
    } catch (IOException e) {
      return true;
    }
    if (next.hasRemaining()) {
      reader.onUpgradeTo(next); // the next request already: it is put where it would have been read
    }
    return false;
  }
}
