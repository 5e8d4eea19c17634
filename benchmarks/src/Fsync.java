import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** How long the disk alone takes: 4 KiB are written behind the last ones and synced, at a steady rate. Prints JSON. */
public final class Fsync {
  /** Arguments: a file to make, syncs a second, seconds. */
  public static void main(String[] args) throws Exception {
    int perSecond = Integer.parseInt(args[1]);
    long[] nanos = new long[perSecond * Integer.parseInt(args[2])];
    try (FileChannel file = FileChannel.open(Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer page = ByteBuffer.allocateDirect(4_096);
      long start = System.nanoTime();
      for (int i = 0; i < nanos.length; i++) {
        long due = start + i * 1_000_000_000L / perSecond;
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        long begin = System.nanoTime();
        file.write(page.clear(), i * 4_096L);
        file.force(false);
        nanos[i] = System.nanoTime() - begin;
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        "{\"route\":\"disk\",\"events\":%d,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f}%n",
        nanos.length,
        nanos[nanos.length / 2] / 1e6,
        nanos[(int) (nanos.length * 0.99)] / 1e6,
        nanos[nanos.length - 1] / 1e6);
  }
}
