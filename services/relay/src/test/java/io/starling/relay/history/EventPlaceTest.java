package io.starling.relay.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import io.starling.contract.EventId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventPlaceTest {
  @Test
  void comesBackAsItWas() {
    var place =
        new EventPlace(1_795_000_000_123L, DeviceId.create().toString(), 7L << 40, EventId.WILL);

    assertThat(EventPlace.parse(place.toString())).contains(place);
    assertThat(EventPlace.parse(EventPlace.before(12).toString())).contains(EventPlace.before(12));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", "1-2-3", "1--0", "1-a-0-0", "zzzzzzzzzz--0-0", "1--g-0", "1--0-0-0"})
  void isNotMadeOfSomethingElse(String text) {
    assertThat(EventPlace.parse(text)).isEmpty();
  }
}
