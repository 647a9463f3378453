package io.starling.connection.guard;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.connection.guard.WaitingLine.Place;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WaitingLineTest {
  private final WaitingLine<String> line = new WaitingLine<>(3, 100, 400);

  private static String who(@Nullable Place<String> place) {
    return requireNonNull(place).who();
  }

  private void join(String who, long now) {
    var _ = line.join(who, now);
  }

  @Test
  void servesTheOldestFirstWhileItMoves() {
    join("a", 0);
    join("b", 10);
    assertThat(who(line.next(99))).isEqualTo("a");
    assertThat(who(line.next(99))).isEqualTo("b");
    assertThat(line.next(99)).isNull();
  }

  @Test
  void servesTheNewestFirstOnceTheOldestHasWaitedForTooLong() {
    join("a", 0);
    join("b", 10);
    join("c", 20);
    assertThat(who(line.next(100))).isEqualTo("c");
    assertThat(who(line.next(100))).isEqualTo("b");
    assertThat(who(line.next(100))).isEqualTo("a");
  }

  @Test
  void whoWouldBeServedLastHasToGoIfTooManyWait() {
    join("a", 0);
    join("b", 10);
    join("c", 20);
    assertThat(line.tooMany(20)).isNull();
    join("d", 30);
    assertThat(who(line.tooMany(30))).isEqualTo("d");
    assertThat(line.tooMany(30)).isNull();

    join("e", 110);
    assertThat(who(line.tooMany(110))).isEqualTo("a");
    assertThat(line.size()).isEqualTo(3);
  }

  @Test
  void patienceEnds() {
    join("a", 0);
    join("b", 10);
    assertThat(line.tired(399)).isNull();
    assertThat(who(line.tired(400))).isEqualTo("a");
    assertThat(line.tired(400)).isNull();
    assertThat(who(line.tired(410))).isEqualTo("b");
    assertThat(line.tired(1_000)).isNull();
  }

  @Test
  void whoLeavesIsNotServed() {
    join("a", 0);
    var place = line.join("a", 0);
    join("b", 0);
    assertThat(line.leave(place)).isTrue();
    assertThat(line.leave(place)).isFalse();
    assertThat(line.size()).isEqualTo(2);
    assertThat(who(line.next(0))).isEqualTo("a");
    assertThat(who(line.any())).isEqualTo("b");
    assertThat(line.any()).isNull();
  }
}
