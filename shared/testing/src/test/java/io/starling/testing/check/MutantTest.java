package io.starling.testing.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.testing.check.SimulatedCloud.Mutant;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The test of the test: a wrong cloud is caught within a few seeds, a right one never accused. */
class MutantTest {
  private static final int SEEDS = 20;

  @ParameterizedTest
  @CsvSource({
    "ACKNOWLEDGES_BEFORE_COMMIT, nothing acknowledged is lost",
    "SKIPS_FSYNC, nothing acknowledged is lost",
    "FORGETS_A_CURSOR, nothing acknowledged is lost",
    "RETRIES_OUT_OF_ORDER, events of a device keep their order",
    "REUSES_AN_EPOCH, one owner for each device and epoch",
    "MIXES_UP_REPLIES, replies match their calls",
    "RETRIES_CALLS, replies match their calls",
    "SERVES_CORRUPTION, nothing arrives that nobody sent"
  })
  void catchesTheMutantByThePromiseItBreaks(Mutant mutant, String promise) {
    var caught =
        LongStream.range(0, SEEDS)
            .filter(
                seed -> {
                  var violations = Checker.check(SimulatedCloud.run(seed, mutant));
                  assertThat(violations)
                      .as("seed %d", seed)
                      .allMatch(v -> v.promise().equals(promise));
                  return !violations.isEmpty();
                })
            .count();
    assertThat(caught).as("seeds that catch it, of %d", SEEDS).isGreaterThanOrEqualTo(SEEDS / 2);
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "REPEATS_EVERYTHING"})
  void accusesNobodyWhoKeepsTheirPromises(Mutant right) {
    for (long seed = 0; seed < 10 * SEEDS; seed++) {
      assertThat(Checker.check(SimulatedCloud.run(seed, right))).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void theSimulatedCloudIsBusyAndFails() {
    var evidence = SimulatedCloud.run(1, Mutant.NONE);
    assertThat(SimulatedCloud.acknowledged(evidence)).isGreaterThan(50);
    assertThat(evidence.owners().stream().mapToInt(owner -> owner.session()).max().orElse(0))
        .isGreaterThan(3);
  }
}
