package io.starling.bootstrap.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.RelayHint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShardLeadersIT {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);

  @AfterEach
  void close() throws Exception {
    var _ = get(vertx.close().map(true));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, SECONDS);
  }

  private static RelayHint.Leading leads(String relay, String log, long term) {
    return new RelayHint.Leading(relay, List.of(new RelayHint.Lead(log, term)));
  }

  @Test
  void theHighestTermLeadsWhateverTheOrder() throws Exception {
    var leaders = get(ShardLeaders.open(bus));
    var changes = new AtomicInteger();
    leaders.onChange(changes::incrementAndGet);
    assertThat(leaders.find(0)).isEmpty();

    leaders.heard(leads("b", "shard-0", 7));
    leaders.heard(leads("a", "shard-0", 6));
    assertThat(leaders.find(0)).contains("b");
    assertThat(changes).hasValue(1);

    leaders.heard(leads("a", "shard-0", 8));
    leaders.heard(leads("b", "shard-0", 7));
    assertThat(leaders.find(0)).contains("a");
    assertThat(changes).hasValue(2);
    assertThat(leaders.find(1)).isEmpty();
    assertThat(leaders.findDirectory()).isEmpty();
  }

  @Test
  void hearsEveryRelayAlsoThoseThatLeadNothing() throws Exception {
    var leaders = get(ShardLeaders.open(bus));
    bus.publish(leads("a", "directory", 1));
    bus.publish(leads("a", "sessions", 1));
    bus.publish(new RelayHint.Leading("idle", List.of()));

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(leaders.relays()).containsExactly("a", "idle"));
    assertThat(leaders.findDirectory()).contains("a");
    assertThat(leaders.findSessions()).contains("a");
  }
}
