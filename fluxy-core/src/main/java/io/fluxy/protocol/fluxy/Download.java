package io.fluxy.protocol.fluxy;

import io.fluxy.http.ApiResponse;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body that is made piece by piece, and no faster than its reader takes it: the next piece is
 * asked for when the last has left. If one can't be had, the response breaks off, so nobody takes a
 * part for the whole.
 */
final class Download implements Socket.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Download.class);

  private final Socket socket;
  private final Scheduler scheduler;
  private final int stallMs;
  private final Supplier<CompletionStage<Optional<byte[]>>> pieces;
  private boolean over; // guarded by this, as all below
  private Scheduler.@Nullable Timer stall;

  private Download(
      Socket socket,
      Scheduler scheduler,
      int stallMs,
      Supplier<CompletionStage<Optional<byte[]>>> pieces) {
    this.socket = socket;
    this.scheduler = scheduler;
    this.stallMs = stallMs;
    this.pieces = pieces;
  }

  /**
   * An answer to be saved as a file.
   *
   * @param name what the file is called: letters, digits, {@code _ - .} only
   * @param stallMs how long a reader may take nothing
   * @param pieces asked for the next piece, one at a time; empty at the end. An empty piece is fine
   */
  static ApiResponse of(
      String contentType,
      String name,
      Scheduler scheduler,
      int stallMs,
      Supplier<CompletionStage<Optional<byte[]>>> pieces) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", contentType);
    headers.put("Content-Disposition", "attachment; filename=\"" + name + "\"");
    headers.put("Cache-Control", "no-store");
    return new ApiResponse(
        200,
        headers,
        new byte[0],
        socket -> {
          Download download = new Download(socket, scheduler, stallMs, pieces);
          download.next();
          return download;
        });
  }

  /** Never deeper than one piece: a task of its own asks for each. */
  private void next() {
    scheduler.run(
        () -> {
          if (!isOver()) {
            ask().thenAccept(this::send).exceptionally(this::breakOff);
          }
        });
  }

  private CompletionStage<Optional<byte[]>> ask() {
    try {
      return pieces.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private @Nullable Void breakOff(Throwable failure) {
    LOG.warn("a download breaks off: {}", failure.toString());
    socket.abort();
    return null;
  }

  private void send(Optional<byte[]> piece) {
    if (piece.isEmpty()) {
      end();
      socket.close(1000, "");
    } else if (piece.get().length == 0) {
      next();
    } else {
      synchronized (this) {
        stall = scheduler.after(stallMs, socket::abort);
      }
      socket.send(List.of(Frames.raw(piece.get())), this::sent);
    }
  }

  private void sent(boolean ok) {
    synchronized (this) {
      if (stall != null) {
        stall.cancel();
        stall = null;
      }
    }
    if (ok) {
      next();
    }
  }

  private synchronized boolean isOver() {
    return over;
  }

  private synchronized void end() {
    over = true;
    if (stall != null) {
      stall.cancel();
    }
  }

  /** Nobody says anything here. */
  @Override
  public void text(byte[] bytes) {}

  @Override
  public void pong() {}

  @Override
  public void closed() {
    end();
  }
}
