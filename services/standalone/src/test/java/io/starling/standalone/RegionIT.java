package io.starling.standalone;

import static io.starling.standalone.Waiting.get;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.starling.testing.account.CloudApi;
import io.starling.testing.chaos.ChaosOptions;
import io.starling.testing.chaos.ChaosRun;
import io.starling.testing.chaos.FaultKind;
import io.starling.testing.check.Violation;
import io.starling.testing.region.Region;
import io.starling.testing.region.RegionSettings;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Three nodes in three zones with a primary and a standby: whichever node is killed, frozen or
 * restarted under load, nothing acknowledged is lost. Their wall clocks are minutes apart all the
 * while.
 */
class RegionIT {
  private static final long SEED = 20200702;

  /** Recovery is timed elsewhere; here a slow machine must not look like a lost message. */
  private static final double ALLOWANCE = 20;

  /** Node 2 is so far ahead, node 3 as far behind. */
  private static final Duration APART = Duration.ofMinutes(7);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final EnumSet<FaultKind> FAULTS =
      EnumSet.of(FaultKind.KILL, FaultKind.RESTART, FaultKind.FREEZE);

  @RegisterExtension
  private static final RunningRegion RUNNING =
      new RunningRegion(
          RegionSettings.of(3, RegionSettings.unusedNetwork())
              .withHeap(300)
              .withClocks(Duration.ZERO, APART, APART.negated())
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

  @Test
  void workersShareJobsAndLoseNoneWithANode() {
    new SharedJobs(vertx, region).areAllDoneThoughANodeDies();
  }

  @Test
  void theClocksOfItsNodesAreMinutesApart() {
    var api = get(CloudApi.logIn(vertx, region.demo()));
    var name = "clock-" + System.nanoTime();
    for (var node : region.nodes()) {
      var event = new JsonObject().put("name", name).put("data", node.name());
      // The token is a second old: a node may not have heard of it yet.
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> get(api.at(node.apiUrl()).post("/v1/devices/events", event)) != null);
    }
    await().atMost(PATIENCE).until(() -> published(name).size() == region.nodes().size());
    var times = published(name);
    var right = requireNonNull(times.get("node-1"));
    assertThat(times.get("node-2")).isCloseTo(right.plus(APART), within(1, ChronoUnit.MINUTES));
    assertThat(times.get("node-3")).isCloseTo(right.minus(APART), within(1, ChronoUnit.MINUTES));
    get(api.close());
  }

  /** When each event of this name was published, by its data. */
  private Map<String, Instant> published(String name) {
    var url = region.database().jdbcUrls().getFirst();
    try (var connection = DriverManager.getConnection(url);
        var query =
            connection.prepareStatement(
                "SELECT convert_from(data, 'UTF8'), published_at FROM relay.event WHERE name = ?")) {
      query.setString(1, name);
      var row = query.executeQuery();
      var times = new HashMap<String, Instant>();
      while (row.next()) {
        times.put(row.getString(1), row.getTimestamp(2).toInstant());
      }
      return times;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
