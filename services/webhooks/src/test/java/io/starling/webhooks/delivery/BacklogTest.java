package io.starling.webhooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.contract.Origin;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class BacklogTest {
  private static final AccountId ACCOUNT = new AccountId(1, 1);
  private final Budget budget = new Budget(64 << 20, 512);
  private final Endpoint endpoint = new Endpoint(64);
  private final Backlog backlog =
      new Backlog(ACCOUNT, new IntegrationId(1, 1), endpoint, budget, () -> {});

  private static Delivery delivery(long index) {
    var event =
        new Event(
            new EventId(new DeviceId(1, 1), 1, index),
            Origin.DEVICE,
            ACCOUNT,
            0,
            "temp",
            Buffer.buffer("25"),
            EventClass.NORMAL,
            0);
    return new Delivery(event, Mark.at(new JournalPosition(index, 0)), 0);
  }

  @Test
  void knowsTheOldestUnfinishedInWhateverOrderTheyFinish() {
    long seed = Long.getLong("webhooks.seed", System.nanoTime());
    System.out.println("BacklogTest seed: -Dwebhooks.seed=" + seed);
    var random = new Random(seed);
    var open = new TreeSet<Mark>();
    var started = new ArrayList<Delivery>();
    long next = 0;
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          var added = delivery(next++);
          backlog.add(added);
          open.add(added.mark);
        }
        case 2 -> backlog.take(step).ifPresent(started::add);
        case 3 -> {
          if (!started.isEmpty()) {
            backlog.retry(started.remove(random.nextInt(started.size())), step + 5);
          }
        }
        case 4 -> {
          if (!started.isEmpty()) {
            var ended = started.remove(random.nextInt(started.size()));
            backlog.finish(ended);
            open.remove(ended.mark);
          }
        }
        default -> {
          if (random.nextInt(50) == 0) {
            var shed = backlog.shed();
            shed.ifPresent(mark -> open.tailSet(mark, true).clear());
            // What was let go of is read again from there.
            next = shed.map(mark -> mark.position().index()).orElse(next);
          }
        }
      }
      assertThat(backlog.oldest().orElse(null)).isEqualTo(open.isEmpty() ? null : open.first());
      assertThat(backlog.size()).isEqualTo(open.size());
    }
    var _ = backlog.clear();
    started.forEach(backlog::finish);
    assertThat(backlog.size()).isZero();
    assertThat(budget.bytes()).isZero();
  }

  @Test
  void triesNewOnesFirstButNotOnly() {
    var late = delivery(0);
    backlog.add(late);
    assertThat(backlog.take(0)).contains(late);
    backlog.retry(late, 10);
    for (int i = 1; i <= 8; i++) {
      backlog.add(delivery(i));
    }
    int before = 0;
    while (backlog.take(20).orElseThrow() != late) {
      before++;
    }
    assertThat(before).isBetween(1, 3);
  }

  @Test
  void waitsForARetryToBeDue() {
    var late = delivery(0);
    backlog.add(late);
    assertThat(backlog.take(0)).contains(late);
    backlog.retry(late, 10);
    assertThat(backlog.hasDue(9)).isFalse();
    assertThat(backlog.take(9)).isEmpty();
    assertThat(backlog.hasDue(10)).isTrue();
  }
}
