package io.starling.testing.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

  @Test
  void findsTheStampInAPaddedPayloadAndInsideJson() {
    var stamp = new Stamp(12, 345, -6_789);
    var payload = stamp.payload(256);
    assertThat(payload.length()).isEqualTo(256);
    assertThat(Stamp.find(payload.toString())).contains(stamp);
    assertThat(Stamp.find("{\"data\":\"" + payload + "\",\"ttl\":60}")).contains(stamp);
    assertThat(Stamp.find("21.5")).isEmpty();
  }

  @Test
  void namesWhatIsLostRepeatedAndOutOfOrder() {
    var received = List.of(text(0, 0), text(0, 2), text(0, 1), text(1, 0), text(1, 0), "21.5");
    var arrivals = Arrivals.check(List.of("0-0", "0-1", "1-0", "1-1"), received);
    assertThat(arrivals).isEqualTo(new Arrivals(4, List.of("1-1"), 1, List.of("0-1"), 1));
  }

  private static String text(int device, long sequence) {
    return new Stamp(device, sequence, 1).payload(0).toString();
  }
}
