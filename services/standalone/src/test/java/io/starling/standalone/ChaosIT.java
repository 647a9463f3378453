package io.starling.standalone;

import static io.starling.standalone.Waiting.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.testing.chaos.ChaosOptions;
import io.starling.testing.chaos.ChaosRun;
import io.starling.testing.chaos.FaultKind;
import io.starling.testing.chaos.Outcome;
import io.starling.testing.client.Target;
import io.starling.testing.process.DetachedProcess.State;
import io.starling.testing.region.Region;
import io.starling.testing.region.RegionSettings;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The short form of scripts/chaos: seeded faults to the smallest region, and mutants of it. */
class ChaosIT {
  private static final long SEED = 20180337;

  /** Recovery is timed elsewhere; here a slow machine must not look like a lost message. */
  private static final double ALLOWANCE = 10;

  /** Entries of each shard's journal: fewer than it takes in before the first fault. */
  private static final int FORGOTTEN = 5;

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @RegisterExtension
  private static final RunningRegion RUNNING =
      new RunningRegion(
          RegionSettings.of(1, RegionSettings.unusedNetwork())
              .with(
                  Map.of("STARLING_JOURNAL_QUOTA", "1GiB", "STARLING_JOURNAL_MIN_FREE", "64MiB")));

  private final Vertx vertx = RUNNING.vertx();
  private final Region region = RUNNING.region();

  @Test
  void everyPromiseIsKeptThroughFaultsOfEveryKind() {
    var kinds = EnumSet.of(FaultKind.KILL, FaultKind.FREEZE, FaultKind.DATABASE, FaultKind.DISK);
    var outcome = run(options().withFaults(kinds), Duration.ofSeconds(25));
    assertThat(outcome.violations()).isEmpty();
    assertThat(outcome.faults()).isNotEmpty();
    assertThat(outcome.evidence().acked()).hasSizeGreaterThan(200);
    assertThat(outcome.evidence().owners()).isNotEmpty();
  }

  @Test
  void aServerThatAcknowledgesBeforeItCommitsIsFoundOut() {
    var deceived =
        get(EarlyAckProxy.open(vertx, Target.parse(region.nodes().getFirst().mqttUrl())));
    var options =
        options()
            .withFaults(Set.of(FaultKind.KILL))
            .withTargets(List.of(deceived))
            .withPatience(Duration.ofSeconds(4));
    var outcome = run(options, Duration.ofSeconds(7));
    assertThat(outcome.faults()).isNotEmpty();
    assertThat(outcome.violations())
        .anyMatch(violation -> violation.promise().equals("nothing acknowledged is lost"))
        .anyMatch(violation -> violation.what().endsWith("missing at rows"))
        .anyMatch(violation -> violation.what().endsWith("missing at webhook"));
  }

  /** The node dies while its drain lags, and its successor begins further on. */
  @Test
  void aServerThatForgetsItsCursorIsFoundOut() {
    var options = options().withFaults(Set.of(FaultKind.KILL)).withPatience(Duration.ofSeconds(4));
    var forgetting = CompletableFuture.runAsync(this::forgetCursors);
    var outcome = run(options, Duration.ofSeconds(7));
    assertThat(forgetting).succeedsWithin(LIMIT);
    assertThat(outcome.violations())
        .isNotEmpty()
        .allMatch(violation -> violation.promise().equals("nothing acknowledged is lost"))
        .allMatch(violation -> violation.what().endsWith("missing at rows"));
  }

  /** Once under load, the drain is held up until the node dies. */
  private void forgetCursors() {
    var database = region.database().jdbcUrls().getFirst();
    var process = region.nodes().getFirst().process();
    try (var drain = HeldDrain.whenRowsCome(database)) {
      await().atMost(LIMIT).until(() -> process.state() == State.DEAD);
      drain.forget(FORGOTTEN);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ChaosOptions options() {
    return ChaosOptions.of(SEED).withLoad(20, 60).withPace(0.3, ALLOWANCE);
  }

  private Outcome run(ChaosOptions options, Duration duration) {
    var outcome = new ChaosRun(vertx, region, options.lasting(duration), System.out::println).run();
    System.out.println(outcome.text());
    return outcome;
  }
}
