package io.starling.testing.load;

import static io.starling.testing.Await.done;
import static io.starling.testing.Await.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.starling.testing.TestBroker;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.Target;
import io.starling.testing.fault.Direction;
import io.starling.testing.fault.FaultProxy;
import io.starling.testing.fleet.Stamp;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadGeneratorIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private TestBroker broker;

  @BeforeEach
  void open() {
    broker = get(TestBroker.open(vertx));
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void keepsItsWindowFullUntilTold() {
    broker.acknowledge(_ -> false);
    var load = load(broker.port(), 5);
    load.saturate(4);
    await().until(() -> broker.payloads().size() == 20);
    assertThat(load.count().sent()).isEqualTo(20);
    assertThat(load.count().acked()).isZero();
  }

  @Test
  void countsEveryAcknowledgementWhenSaturated() {
    var load = load(broker.port(), 5);
    load.saturate(16);
    await().until(() -> load.count().acked() > 2_000);
    done(load.quiesce(LIMIT));

    var count = load.count();
    assertThat(count.acked()).isEqualTo(count.sent()).isEqualTo(broker.payloads().size());
    assertThat(count.tenths()).isBetween(count.sent() / 10 - 5, count.sent() / 10 + 5);
    assertThat(count.lost()).isZero();
    assertThat(load.takeLatency().getTotalCount()).isEqualTo(count.acked());
    assertThat(broker.payloads()).allMatch(text -> text.length() == 256);
    assertThat(broker.payloads().stream().map(t -> Stamp.find(t).orElseThrow().key()))
        .doesNotHaveDuplicates();
    done(load.close());
  }

  @Test
  void keepsItsRateAndCountsAStallIntoTheLatency() {
    var proxy = get(FaultProxy.open(vertx, broker.port()));
    var load = load(proxy.port(), 5);
    var started = System.nanoTime();
    load.pace(1_000);
    await().until(() -> load.count().acked() > 200);
    proxy.hold(Direction.DOWNSTREAM);
    var acked = load.count().acked();
    await().until(() -> load.count().sent() > acked + 300);
    proxy.release();
    done(load.quiesce(LIMIT));

    var count = load.count();
    assertThat(count.acked()).isEqualTo(count.sent());
    var due = (System.nanoTime() - started) / 1e6;
    assertThat((double) count.sent()).isBetween(500.0, due + 1);
    assertThat(load.takeLatency().getMaxValue()).isGreaterThan(200_000);
  }

  @Test
  void countsConnectionsThatAreLost() {
    var proxy = get(FaultProxy.open(vertx, broker.port()));
    var load = load(proxy.port(), 3);
    proxy.cut();
    await().until(() -> load.count().lost() == 3);
  }

  @Test
  void failsWhenAConnectionIsRefused() {
    var wrong = List.of(new Credentials("d", TestBroker.WRONG_SECRET));
    var connected = LoadGenerator.connect(vertx, plan(broker.port()), wrong);
    assertThatThrownBy(() -> done(connected))
        .hasMessageContaining("connection 0")
        .hasMessageContaining("not authorized");
  }

  @Test
  void comesFromSeveralAddresses() {
    var plan = plan(broker.port()).withSources(List.of("127.0.0.2", "127.0.0.3"));
    var load = get(LoadGenerator.connect(vertx, plan, credentials(4)));
    assertThat(broker.remoteHosts()).containsOnly("127.0.0.2", "127.0.0.3").hasSize(4);
    done(load.close());
  }

  private LoadGenerator load(int port, int connections) {
    return get(LoadGenerator.connect(vertx, plan(port), credentials(connections)));
  }

  private static LoadPlan plan(int port) {
    return LoadPlan.of(Target.plain("127.0.0.1", port)).withTenthTopic("hook/temp");
  }

  private static List<Credentials> credentials(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Credentials("d" + i, "s")).toList();
  }
}
