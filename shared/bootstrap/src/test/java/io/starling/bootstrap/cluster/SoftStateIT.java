package io.starling.bootstrap.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SoftStateIT {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    var _ = get(vertx.close().map(true));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, SECONDS);
  }

  private static SessionEntry entry(long epoch, boolean online) {
    return new SessionEntry("gateway|1".replace('|', '-'), epoch, online, 5, "::1");
  }

  @Test
  void theHighestEpochOwnsASessionWhateverTheOrder() throws Exception {
    var sessions = Sessions.ofThisProcess();
    long seed = System.nanoTime();
    List<Long> epochs = new ArrayList<>();
    for (long epoch = 1; epoch <= 50; epoch++) {
      epochs.add(epoch);
    }
    Collections.shuffle(epochs, new Random(seed));
    var puts = new ArrayList<Future<?>>();
    epochs.forEach(epoch -> puts.add(sessions.put("device", entry(epoch, true))));
    assertThat(get(Future.all(puts)).succeeded()).isTrue();

    assertThat(get(sessions.find("device")).orElseThrow().epoch()).as("seed " + seed).isEqualTo(50);
  }

  @Test
  void anOldOfflineDoesNotOverwriteANewerOnline() throws Exception {
    var sessions = Sessions.ofThisProcess();
    assertThat(get(sessions.put("device", entry(1, true)))).isEmpty();
    assertThat(get(sessions.put("device", entry(2, true)))).contains(entry(1, true));
    assertThat(get(sessions.put("device", entry(1, false)))).contains(entry(2, true));
    assertThat(get(sessions.find("device"))).contains(entry(2, true));
    assertThat(get(sessions.find("other"))).isEmpty();
  }
}
