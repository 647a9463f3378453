package io.starling.connection.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailuresTest {
  private static final long SECOND = 1_000_000_000L;
  private final Failures failures = new Failures(3, 5_000);
  private long now = 7;

  private long failed(String name, String address) {
    return failures.failed(name, address, now);
  }

  @Test
  void areToldLaterAndLaterUpToALimit() {
    assertThat(failed("a", "1")).isZero();
    assertThat(failed("a", "2")).isZero();
    assertThat(failed("a", "3")).isZero();
    assertThat(failed("a", "4")).isEqualTo(500);
    assertThat(failed("a", "5")).isEqualTo(1_000);
    assertThat(failed("a", "6")).isEqualTo(2_000);
    assertThat(failed("a", "7")).isEqualTo(4_000);
    assertThat(failed("a", "8")).isEqualTo(5_000);
    for (int i = 0; i < 100; i++) {
      assertThat(failed("a", "9" + i)).isEqualTo(5_000);
    }
    assertThat(failed("b", "8")).isZero();
  }

  @Test
  void areForgottenWithTime() {
    for (int i = 0; i < 4; i++) {
      var _ = failed("a", "1");
    }
    assertThat(failed("a", "1")).isPositive();
    now += 60 * SECOND;
    assertThat(failed("a", "1")).isZero();
  }

  @Test
  void areForgottenOnceTheNameSucceeds() {
    for (int i = 0; i < 6; i++) {
      var _ = failed("a", "1");
    }
    failures.succeeded("a");
    assertThat(failed("a", "1")).isZero();
  }

  @Test
  void ofAnAddressCountWhateverTheNames() {
    for (int i = 0; i < 30; i++) {
      assertThat(failed("name" + i, "1")).isZero();
    }
    assertThat(failed("next", "1")).isEqualTo(500);
    // Nobody gets an address a clean sheet by knowing one right secret.
    failures.succeeded("next");
    assertThat(failed("next", "1")).isEqualTo(1_000);
    assertThat(failed("next", "2")).isZero();
  }
}
