package io.starling.relay.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.EventId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {
  @Test
  void comesBackAsItWas() {
    var place = new Place(1_795_000_000_123L, 0x1a2b_3c4d_5e6f_7081L >>> 4, EventId.OFFLINE);

    assertThat(Place.parse(place.toString())).contains(place);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", "1-2", "1-2-", "x-1-1", "1-1-1-1", "1-g-1", "9999999999999999-1-1"})
  void isNotMadeOfSomethingElse(String text) {
    assertThat(Place.parse(text)).isEmpty();
  }
}
