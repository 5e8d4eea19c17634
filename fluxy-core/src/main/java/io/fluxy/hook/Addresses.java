package io.fluxy.hook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/** Which addresses are out on the internet, and nobody's own house (catalogue 3.8). */
final class Addresses {
  /** IPv4 blocks that are special: private, shared, local, for documentation, multicast. */
  private static final List<Block> SPECIAL =
      List.of(
          new Block(0, 0, 0, 8),
          new Block(10, 0, 0, 8),
          new Block(100, 64, 0, 10), // carriers' NAT, and metadata of some clouds
          new Block(127, 0, 0, 8),
          new Block(169, 254, 0, 16), // link local, and metadata of most clouds
          new Block(172, 16, 0, 12),
          new Block(192, 0, 0, 24),
          new Block(192, 0, 2, 24),
          new Block(192, 88, 99, 24),
          new Block(192, 168, 0, 16),
          new Block(198, 18, 0, 15),
          new Block(198, 51, 100, 24),
          new Block(203, 0, 113, 24),
          new Block(224, 0, 0, 3)); // multicast, reserved, broadcast

  private static final int AZURE_HOST = 168 << 24 | 63 << 16 | 129 << 8 | 16; // 168.63.129.16

  private record Block(int first, int second, int third, int bits) {
    boolean has(int address) {
      int start = first << 24 | second << 16 | third << 8;
      return (address ^ start) >>> (32 - bits) == 0;
    }
  }

  private Addresses() {}

  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) { // mapped ones have become these by now
      int ip = word(bytes, 0) << 16 | word(bytes, 2);
      return ip != AZURE_HOST && SPECIAL.stream().noneMatch(block -> block.has(ip));
    }
    int first = word(bytes, 0);
    int second = word(bytes, 2);
    boolean global = first >>> 13 == 1; // 2000::/3: not ULA, link local, mapped, NAT64, multicast
    boolean assignedByIetf = first == 0x2001 && second < 0x0200; // Teredo and ORCHID among them
    boolean documentation =
        (first == 0x2001 && second == 0x0db8) || (first == 0x3fff && second < 0x1000);
    boolean tunnel = first == 0x2002; // 6to4: holds an IPv4 address
    return global && !assignedByIetf && !documentation && !tunnel;
  }

  private static int word(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }
}
