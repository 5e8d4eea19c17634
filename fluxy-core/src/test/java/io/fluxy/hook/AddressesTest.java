package io.fluxy.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.hook.WebhookSender.Outcome;
import io.fluxy.hook.WebhookSender.Reach;
import io.fluxy.time.VirtualScheduler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Catalogue 3.8: a webhook reaches nobody's own house. */
class AddressesTest {
  private final VirtualScheduler time = VirtualScheduler.inOrder();
  private final List<String> resolved = new ArrayList<>();
  private final DirectSender sender = sender("93.184.216.34");

  private DirectSender sender(String... addresses) {
    return new DirectSender(
        time,
        Reach.PUBLIC,
        100,
        host -> {
          resolved.add(host);
          InetAddress[] found = new InetAddress[addresses.length];
          for (int i = 0; i < addresses.length; i++) {
            found[i] = InetAddress.getByName(addresses[i]);
          }
          return found;
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "93.184.216.34",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.167.1.1",
        "2606:4700:4700::1111",
        "2a00:1450:4001::1",
        "2001:4860:4860::8888"
      })
  void thisIsPublic(String address) throws UnknownHostException {
    assertThat(Addresses.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void thisIsNot(String address) throws UnknownHostException {
    assertThat(Addresses.isPublic(InetAddress.getByName(address))).isFalse();
    DirectSender anyName = sender("93.184.216.34", address);
    assertThat(send(anyName, "http://rebind.example/"))
        .as("one harmless address does not make up for it")
        .isEqualTo(Outcome.failed("ssrf_blocked"));
    String literal = address.contains(":") ? "[" + address + "]" : address;
    assertThat(sender.flaw("http://" + literal + "/h")).contains("ssrf_blocked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://127.1/",
        "http://127.0.1/",
        "http://1/",
        "http://localhost/",
        "http://LOCALHOST/",
        "http://localhost./",
        "http://foo.localhost/",
        "http://printer.local/",
        "http://metadata.google.internal/",
        "http://intranet/",
        "http://a.example./",
        "http://user@a.example/",
        "http://user:pw@a.example/",
        "http://a.example%2f@b.example/",
        "http://a.example\\@b.example/",
        "http:///h",
        "http://",
        "http:a.example",
        "//a.example/",
        "/h",
        "",
        "https://a.example:22/",
        "https://a.example:6379x/",
        "https://a.example:70000/",
        "https://a.example:0/",
        "https://\uFF11\uFF12\uFF17.0.0.1/",
        "https://a.exam\u00ADple/",
        "https://a\u3002example/",
        "https://a.example/\r\nX: y",
        "https://a .example/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "file:///etc/passwd",
        "gopher://a.example/",
        "jar:http://a.example!/",
        "ftp://a.example/",
        "javascript:alert(1)"
      })
  void anAddressThatSomeLibraryMightReadInAnotherWayIsNone(String url) {
    assertThat(sender.flaw(url)).contains("ssrf_blocked");
    assertThat(new DirectSender(time, Reach.PUBLIC_HTTPS, 100, InetAddress::getAllByName).flaw(url))
        .isPresent();
    assertThat(resolved).as("nothing was looked up").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hooks.example.com/h?x=1",
        "http://hooks.example.com:9099/ok",
        "https://93.184.216.34/",
        "https://[2606:4700::1111]:8443/h",
        "https://xn--bcher-kva.example/"
      })
  void thisAddressIsFine(String url) {
    assertThat(sender.flaw(url)).isEmpty();
  }

  @Test
  void plainHttpHasToBeAllowed() {
    DirectSender strict =
        new DirectSender(time, Reach.PUBLIC_HTTPS, 100, InetAddress::getAllByName);

    assertThat(strict.flaw("http://a.example/")).contains("https_required");
    assertThat(send(strict, "http://a.example/")).isEqualTo(Outcome.failed("https_required"));
  }

  private Outcome send(DirectSender by, String url) {
    var sent = by.send(url, Map.of(), new byte[0]).toCompletableFuture();
    time.runUntilIdle();
    return sent.join();
  }
}
