package io.starling.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.testing.chaos.ChaosOptions;
import io.starling.testing.chaos.OutageRun;
import io.starling.testing.check.Violation;
import io.starling.testing.region.Region;
import io.starling.testing.region.RegionSettings;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The short form of {@code scripts/chaos --outage 3m}: three nodes, their primary and their standby
 * are killed, a node is killed and started without them, and the database returns.
 */
class OutageIT {
  private static final long SEED = 20200702;
  private static final Duration OUTAGE = Duration.ofSeconds(20);

  /** The command times; here a slow machine must not look like a broken promise. */
  private static final double ALLOWANCE = 5;

  @RegisterExtension
  private static final RunningRegion RUNNING =
      new RunningRegion(
          RegionSettings.of(3, RegionSettings.unusedNetwork())
              .withHeap(300)
              .with(Map.of("STARLING_JOURNAL_MIN_FREE", "64MiB")));

  private final Vertx vertx = RUNNING.vertx();
  private final Region region = RUNNING.region();

  @Test
  void noDeviceNoticesThatAllDatabasesAreAwayAndWhatIsCriticalIsFirstWhenTheyReturn() {
    var options = ChaosOptions.of(SEED).withLoad(30, 60).withPace(1, ALLOWANCE);
    var result = new OutageRun(vertx, region, options, OUTAGE, System.out::println).run();
    System.out.println(result.text());

    assertThat(result.outcome().violations()).extracting(Violation::toString).isEmpty();
    var figures = result.figures();
    assertThat(figures.length()).isGreaterThanOrEqualTo(OUTAGE);
    assertThat(figures.newcomersIn()).as("at a node restarted without a database").isPresent();
    assertThat(figures.waiting()).as("events that waited for the database").isGreaterThan(500);
    assertThat(figures.rows()).as("rows of all of them").isPresent();
    assertThat(figures.criticalLags()).hasSizeGreaterThan(20);
    assertThat(figures.returned()).as("calls answered meanwhile").isGreaterThan(10);
  }
}
