package io.starling.http.rate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {
  @ParameterizedTest
  @ValueSource(strings = {"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:0DB8:1:2::"})
  void joinsWhatIsOfOneNetworkOfASubscriber(String address) {
    assertThat(Place.of(address)).isEqualTo("20010db800010002/64");
  }

  @Test
  void keepsNetworksAndAddressesApart() {
    assertThat(Place.of("2001:db8:1:3::1")).isNotEqualTo(Place.of("2001:db8:1:2::1"));
    assertThat(Place.of("192.0.2.1")).isNotEqualTo(Place.of("192.0.2.2"));
  }

  @Test
  void knowsAnAddressInBothItsForms() {
    assertThat(Place.of("::ffff:192.0.2.1")).isEqualTo(Place.of("192.0.2.1"));
  }

  @Test
  void boundsWhatIsNoAddress() {
    assertThat(Place.of("x".repeat(5_000))).hasSize(64);
    assertThat(Place.of("")).isEmpty();
  }
}
