package io.starling.connection.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class AddressesTest {
  @Test
  void haveSoManyConnectionsAndNoMore() {
    var addresses = new Addresses(2);
    assertThat(addresses.enter("a")).isTrue();
    assertThat(addresses.enter("a")).isTrue();
    assertThat(addresses.enter("a")).isFalse();
    assertThat(addresses.enter("b")).isTrue();
    addresses.leave("a");
    assertThat(addresses.enter("a")).isTrue();
    assertThat(addresses.enter("a")).isFalse();
  }

  @Test
  void mayHaveAnyNumber() {
    var addresses = new Addresses(0);
    for (int i = 0; i < 100; i++) {
      assertThat(addresses.enter("a")).isTrue();
    }
  }

  @Test
  void areWholeNetworksInIpv6() {
    assertThat(key("2001:db8:0:1::5")).isEqualTo(key("2001:db8:0:1:ffff::7"));
    assertThat(key("2001:db8:0:1::5")).isNotEqualTo(key("2001:db8:0:2::5"));
    assertThat(Addresses.key("fe80::1%0")).isEqualTo(key("fe80::2"));
    assertThat(key("192.0.2.1")).isNotEqualTo(key("192.0.2.2"));
  }

  private static String key(String address) {
    return Addresses.key(InetAddress.ofLiteral(address).getHostAddress());
  }
}
