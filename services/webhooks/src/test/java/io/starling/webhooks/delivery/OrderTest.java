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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A journal, and a backlog that is fed from it, let go of and read again at random: of each device
 * one delivery after the other, each once, and nothing behind the cursor that has not ended. To
 * replay a run, set the system property {@code webhooks.seed}.
 */
final class OrderTest {
  private static final AccountId ACCOUNT = new AccountId(1, 1);
  private final Budget budget = new Budget(256 << 10, 512);
  private final Backlog backlog =
      new Backlog(ACCOUNT, new IntegrationId(1, 1), new Endpoint(64), budget, () -> {});

  private final List<Event> journal = new ArrayList<>();
  private final List<Batch> started = new ArrayList<>();
  private final Set<Integer> tried = new HashSet<>();
  private final Set<Integer> ended = new HashSet<>();

  /** Of each event the one before it of its device, -1 if there is none. */
  private final List<Integer> before = new ArrayList<>();

  private final Map<DeviceId, Integer> last = new HashMap<>();
  private int front;
  private int now;

  private void publish(int device) {
    var id = new EventId(new DeviceId(1, device), 1, journal.size());
    before.add(last.getOrDefault(id.origin(), -1));
    last.put(id.origin(), journal.size());
    journal.add(
        new Event(
            id, Origin.DEVICE, ACCOUNT, 0, "temp", Buffer.buffer("25"), EventClass.NORMAL, 0));
  }

  private static Mark mark(int index) {
    return Mark.at(new JournalPosition(index, 0));
  }

  private static int index(Mark mark) {
    return (int) mark.position().index();
  }

  private Delivery delivery(int index) {
    return new Delivery(journal.get(index), mark(index), now);
  }

  private boolean isFull() {
    return backlog.size() > 0 && backlog.bytes() + 514 > budget.shareOfBytes();
  }

  private void read(int most) {
    for (int i = 0; i < most && front < journal.size() && !isFull(); i++) {
      backlog.add(delivery(front++));
    }
  }

  private void readAgain(int most) {
    var from = backlog.nextAgain();
    if (from.isEmpty()) {
      return;
    }
    int end = Math.min(index(from.get()) + most, journal.size());
    for (int i = index(from.get()); i < end; i++) {
      if (!backlog.readAgainTo(mark(i), mark(front))) {
        return;
      }
      if (backlog.wantsAgain(journal.get(i), mark(i))) {
        if (isFull()) {
          return;
        }
        backlog.addAgain(delivery(i));
      }
    }
    var _ = backlog.readAgainTo(mark(end), mark(front));
  }

  private void start(Terms terms) {
    backlog
        .take(now, terms)
        .ifPresent(
            batch -> {
              started.add(batch);
              for (var delivery : batch.deliveries()) {
                int index = index(delivery.mark);
                if (tried.add(index)) {
                  isNext(index, batch);
                }
              }
            });
  }

  /** The one before it of its device has ended, or is tried with it. */
  private void isNext(int index, Batch batch) {
    int previous = before.get(index);
    boolean with =
        batch.deliveries().stream().anyMatch(delivery -> index(delivery.mark) == previous);
    assertThat(previous < 0 || with || ended.contains(previous))
        .as("%s before its turn", index)
        .isTrue();
  }

  private void end(Random random, int retryOneOf) {
    if (started.isEmpty()) {
      return;
    }
    var batch = started.remove(random.nextInt(started.size()));
    if (batch.size() > 1 && random.nextInt(retryOneOf) == 0) {
      backlog.retry(batch.cut(), now);
    } else if (random.nextInt(retryOneOf) == 0) {
      backlog.retry(batch, now + random.nextInt(200));
    } else {
      backlog.settle(batch, now);
      for (var delivery : batch.deliveries()) {
        assertThat(ended.add(index(delivery.mark))).as("ended once").isTrue();
        backlog.finish(delivery);
      }
    }
  }

  private void nothingBehindTheCursorIsOpen() {
    int cursor = backlog.oldest().map(OrderTest::index).orElse(front);
    for (int i = Math.max(0, cursor - 200); i < cursor; i++) {
      assertThat(ended).contains(i);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 1000", "1, 40, 50", "1, 2000, 20", "20, 3, 50", "20, 200, 20"})
  void ofEachDeviceOneAfterTheOther(int batch, int devices, int shedOneOf) {
    long seed = Long.getLong("webhooks.seed", System.nanoTime());
    System.out.println("OrderTest seed: -Dwebhooks.seed=" + seed);
    var random = new Random(seed);
    var batching = batch == 1 ? null : new Terms.Batching(batch, 50);
    var terms = new Terms(true, batching, 1, 1);
    for (now = 0; now < 15_000; now++) {
      switch (random.nextInt(7)) {
        // A few devices have most events: these are the ones that hold up themselves.
        case 0, 1 -> publish(random.nextInt(1 + random.nextInt(devices)));
        case 2 -> read(random.nextInt(20));
        case 3 -> start(terms);
        case 4 -> end(random, 4);
        case 5 -> readAgain(random.nextInt(60));
        default -> {
          if (random.nextInt(shedOneOf) == 0) {
            backlog.shed().ifPresent(mark -> front = index(mark));
          }
        }
      }
      if (now % 64 == 0) {
        nothingBehindTheCursorIsOpen();
      }
    }
    for (int i = 0; i < 2_000_000 && ended.size() < journal.size(); i++, now++) {
      read(20);
      start(terms);
      end(random, 1_000);
      readAgain(1_000);
    }
    assertThat(ended).hasSize(journal.size());
    assertThat(backlog.size()).isZero();
    assertThat(backlog.oldest()).isEmpty();
    assertThat(budget.bytes()).isZero();
  }
}
