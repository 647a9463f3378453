package io.starling.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.testing.chaos.ChaosOptions;
import io.starling.testing.chaos.ChaosRun;
import io.starling.testing.chaos.FaultKind;
import io.starling.testing.check.Violation;
import io.starling.testing.region.Region;
import io.starling.testing.region.RegionSettings;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Three nodes in three zones with a primary and a standby: whichever node is killed, frozen or
 * restarted under load, nothing acknowledged is lost.
 */
class RegionIT {
  private static final long SEED = 20200702;

  /** Recovery is timed elsewhere; here a slow machine must not look like a lost message. */
  private static final double ALLOWANCE = 20;

  private static final EnumSet<FaultKind> FAULTS =
      EnumSet.of(FaultKind.KILL, FaultKind.RESTART, FaultKind.FREEZE);

  @RegisterExtension
  private static final RunningRegion RUNNING =
      new RunningRegion(
          RegionSettings.of(3, RegionSettings.unusedNetwork())
              .withHeap(300)
              .with(Map.of("STARLING_DRAIN", "1s", "STARLING_JOURNAL_MIN_FREE", "64MiB")));

  private final Vertx vertx = RUNNING.vertx();
  private final Region region = RUNNING.region();

  @Test
  void losesNothingWhicheverNodeGoes() {
    var options =
        ChaosOptions.of(SEED).withLoad(20, 40).withPace(0.5, ALLOWANCE).withFaults(FAULTS);
    var outcome =
        new ChaosRun(vertx, region, options.lasting(Duration.ofSeconds(70)), System.out::println)
            .run();
    System.out.println(outcome.text());

    assertThat(outcome.violations()).extracting(Violation::toString).isEmpty();
    assertThat(outcome.faults()).isNotEmpty();
    assertThat(outcome.evidence().acked()).hasSizeGreaterThan(500);
  }
}
