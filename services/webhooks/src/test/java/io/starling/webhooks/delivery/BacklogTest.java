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
import io.starling.webhooks.match.Terms;
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

  private void finish(Batch batch) {
    batch.deliveries().forEach(backlog::finish);
  }

  private Batch taken(long now, Terms terms) {
    return backlog.take(now, terms).orElseThrow();
  }

  private static Terms batches(int events, int millis) {
    return new Terms(false, new Terms.Batching(events, millis), 10, 10);
  }

  @Test
  void knowsTheOldestUnfinishedInWhateverOrderTheyFinish() {
    long seed = Long.getLong("webhooks.seed", System.nanoTime());
    System.out.println("BacklogTest seed: -Dwebhooks.seed=" + seed);
    var random = new Random(seed);
    var open = new TreeSet<Mark>();
    var started = new ArrayList<Batch>();
    long next = 0;
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          var added = delivery(next++);
          backlog.add(added);
          open.add(added.mark);
        }
        case 2 -> backlog.take(step, Terms.NONE).ifPresent(started::add);
        case 3 -> {
          if (!started.isEmpty()) {
            backlog.retry(started.remove(random.nextInt(started.size())), step + 5);
          }
        }
        case 4 -> {
          if (!started.isEmpty()) {
            var ended = started.remove(random.nextInt(started.size()));
            finish(ended);
            open.remove(ended.deliveries().getFirst().mark);
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
    started.forEach(this::finish);
    assertThat(backlog.size()).isZero();
    assertThat(budget.bytes()).isZero();
  }

  @Test
  void triesNewOnesFirstButNotOnly() {
    var late = delivery(0);
    backlog.add(late);
    var batch = taken(0, Terms.NONE);
    assertThat(batch.deliveries()).containsExactly(late);
    backlog.retry(batch, 10);
    for (int i = 1; i <= 8; i++) {
      backlog.add(delivery(i));
    }
    int before = 0;
    while (taken(20, Terms.NONE) != batch) {
      before++;
    }
    assertThat(before).isBetween(1, 3);
  }

  @Test
  void waitsForARetryToBeDue() {
    var late = delivery(0);
    backlog.add(late);
    var batch = taken(0, Terms.NONE);
    assertThat(batch.deliveries()).containsExactly(late);
    backlog.retry(batch, 10);
    assertThat(backlog.hasDue(9)).isFalse();
    assertThat(backlog.take(9, Terms.NONE)).isEmpty();
    assertThat(backlog.hasDue(10)).isTrue();
  }

  @Test
  void aBatchIsSentWhenItIsFullOrItsTimeHasCome() {
    for (int i = 0; i < 7; i++) {
      backlog.add(delivery(i));
    }
    var terms = batches(3, 100);
    assertThat(taken(0, terms).size()).isEqualTo(3);
    assertThat(taken(0, terms).size()).isEqualTo(3);
    assertThat(backlog.take(99, terms)).isEmpty();
    assertThat(taken(100, terms).size()).isEqualTo(1);
  }

  @Test
  void aBatchThatIsTriedAgainIsTheSame() {
    backlog.add(delivery(0));
    backlog.add(delivery(1));
    var terms = batches(2, 100);
    var batch = taken(0, terms);
    String id = batch.webhookId(backlog.integration());
    backlog.retry(batch, 10);
    backlog.add(delivery(2));
    var again = taken(10, terms);
    assertThat(again.size()).isEqualTo(2);
    assertThat(again.webhookId(backlog.integration())).isEqualTo(id).startsWith("batch-");
  }

  @Test
  void aBatchThatIsCutIsTriedPieceByPiece() {
    for (int i = 0; i < 4; i++) {
      backlog.add(delivery(i));
    }
    backlog.retry(taken(0, batches(4, 100)).cut().cut(), 0);
    for (int i : new int[] {1, 1, 2}) {
      var piece = taken(0, Terms.NONE);
      assertThat(piece.size()).isEqualTo(i);
      assertThat(backlog.take(0, Terms.NONE)).isEmpty();
      backlog.settle(piece, 0);
      finish(piece);
    }
    assertThat(backlog.size()).isZero();
  }

  @Test
  void forgetsAlsoWhatABatchWasCutInto() {
    for (int i = 0; i < 4; i++) {
      backlog.add(delivery(i));
    }
    backlog.retry(taken(0, batches(4, 100)).cut(), 0);
    assertThat(backlog.clear()).isEqualTo(4);
    assertThat(backlog.oldest()).isEmpty();
    assertThat(budget.bytes()).isZero();
  }
}
