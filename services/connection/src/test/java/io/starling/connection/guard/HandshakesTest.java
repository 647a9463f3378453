package io.starling.connection.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandshakesTest {
  private static final long SECOND = 1_000_000_000L;
  private final Handshakes handshakes = new Handshakes(1, 2);
  private final List<String> told = new ArrayList<>();

  private Handshakes.Waiting waiting(String name) {
    return new Handshakes.Waiting() {
      @Override
      public void begin() {
        told.add(name + " begins");
      }

      @Override
      public void tooMany() {
        told.add(name + " is too many");
      }
    };
  }

  @Test
  void takeTurns() {
    assertThat(handshakes.begin()).isTrue();
    assertThat(handshakes.begin()).isFalse();
    var _ = handshakes.await(waiting("a"), 0);
    var _ = handshakes.await(waiting("b"), 0);
    assertThat(handshakes.waiting()).isEqualTo(2);
    handshakes.end(1);
    assertThat(told).containsExactly("a begins");
    handshakes.end(2);
    assertThat(told).containsExactly("a begins", "b begins");
    handshakes.end(3);
    assertThat(handshakes.underWay()).isZero();
    assertThat(handshakes.begin()).isTrue();
  }

  @Test
  void doNotWaitForWhoHasGone() {
    assertThat(handshakes.begin()).isTrue();
    var gone = handshakes.await(waiting("a"), 0);
    var _ = handshakes.await(waiting("b"), 0);
    handshakes.leave(gone);
    handshakes.end(1);
    assertThat(told).containsExactly("b begins");
  }

  @Test
  void haveRoomForSoMany() {
    assertThat(handshakes.begin()).isTrue();
    for (String name : List.of("a", "b", "c")) {
      var _ = handshakes.await(waiting(name), 0);
    }
    assertThat(told).containsExactly("c is too many");
    assertThat(handshakes.waiting()).isEqualTo(2);
  }

  @Test
  void serveTheNewestOnceTheOldestWaitsForTooLong() {
    assertThat(handshakes.begin()).isTrue();
    var _ = handshakes.await(waiting("a"), 0);
    var _ = handshakes.await(waiting("b"), 2 * SECOND);
    var _ = handshakes.await(waiting("c"), 2 * SECOND);
    handshakes.end(4 * SECOND);
    assertThat(told).containsExactly("a is too many", "c begins");
  }
}
