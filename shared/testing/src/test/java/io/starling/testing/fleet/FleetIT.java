package io.starling.testing.fleet;

import static io.starling.testing.Await.done;
import static io.starling.testing.Await.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.testing.TestBroker;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.Target;
import io.starling.testing.fault.FaultProxy;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FleetIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private TestBroker broker;
  private FaultProxy proxy;

  @BeforeEach
  void open() {
    broker = get(TestBroker.open(vertx));
    proxy = get(FaultProxy.open(vertx, broker.port()));
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void keepsItsRateAndCountsEveryAcknowledgement() {
    var fleet = fleet(20);
    done(fleet.drive(1_000, Duration.ofSeconds(1)));
    var report = get(fleet.settle(LIMIT));

    assertThat(report.published()).isEqualTo(1_000);
    assertThat(report.acked()).isEqualTo(1_000);
    assertThat(report.connected()).isEqualTo(20);
    assertThat(report.latency().getTotalCount()).isEqualTo(1_000);
    assertThat(report.elapsed()).isBetween(Duration.ofMillis(900), Duration.ofSeconds(9));
    var arrivals = Arrivals.check(fleet, broker.payloads());
    assertThat(arrivals).isEqualTo(new Arrivals(1_000, List.of(), 0, List.of(), 0));
    done(fleet.close());
  }

  @Test
  void knowsWhatWasAcknowledgedAcrossLostConnections() {
    var fleet = fleet(10);
    var driven = fleet.drive(500, Duration.ofSeconds(2));
    vertx.setTimer(400, _ -> proxy.cut());
    vertx.setTimer(1_000, _ -> proxy.cut());
    done(driven);
    var report = get(fleet.settle(LIMIT));

    assertThat(report.pending()).isZero();
    assertThat(report.reconnects()).isGreaterThanOrEqualTo(10);
    assertThat(report.acked()).isBetween(500L, 1_000L);
    var arrivals = Arrivals.check(fleet, broker.payloads());
    assertThat(arrivals.lost()).isEmpty();
    assertThat(arrivals.arrived()).isGreaterThanOrEqualTo((int) report.acked());
    done(fleet.close());
  }

  @Test
  void findsTheLossOfAServerThatAcknowledgesWhatItDrops() {
    var count = new AtomicInteger();
    var fleet = fleet(5);
    done(fleet.burst(100));
    var kept = broker.payloads().stream().filter(_ -> count.incrementAndGet() != 7).toList();
    assertThat(Arrivals.check(fleet, kept).lost())
        .containsExactly(Stamp.find(broker.payloads().get(6)).orElseThrow().key());
    done(fleet.close());
  }

  @Test
  void countsTheStallOfAServerIntoTheLatency() {
    var fleet = fleet(4);
    var driven = fleet.drive(200, Duration.ofSeconds(1));
    vertx.setTimer(200, _ -> proxy.hold());
    vertx.setTimer(700, _ -> proxy.release());
    done(driven);
    var report = get(fleet.settle(LIMIT));
    assertThat(report.acked()).isEqualTo(200);
    assertThat(report.latency().getMaxValue()).isGreaterThan(450_000);
    // About half of the messages were due during the stall, though few were in flight at a time.
    assertThat(report.latency().getValueAtPercentile(70)).isGreaterThan(50_000);
    done(fleet.close());
  }

  private Fleet fleet(int devices) {
    var credentials =
        IntStream.range(0, devices).mapToObj(i -> new Credentials("d" + i, "s")).toList();
    var options = FleetOptions.of(Target.plain("127.0.0.1", proxy.port()));
    var fleet = get(Fleet.create(vertx, options, credentials));
    done(fleet.connect(LIMIT));
    return fleet;
  }
}
