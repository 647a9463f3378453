package io.starling.connection.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.JournalPosition;
import io.starling.contract.LiveMessage;
import io.starling.contract.Origin;
import io.starling.contract.SharedFilter;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which member gets what. */
class GroupTest {
  private static final AccountId ANN = AccountId.create();
  private static final SharedFilter SHARE = SharedFilter.parse("$share/g/t").orElseThrow();

  private final Groups groups = new Groups();
  private final Group group = groups.group(ANN, SHARE);
  private long number;

  /** Takes so much at a time. */
  private static final class Worker implements Member {
    final int room;
    final List<Long> taken = new ArrayList<>();
    final ArrayDeque<Ticket> open = new ArrayDeque<>();

    Worker(int room) {
      this.room = room;
    }

    @Override
    public int room() {
      return room;
    }

    @Override
    public boolean hasRoom(Ticket ticket) {
      return open.size() < room;
    }

    @Override
    public void give(Ticket ticket) {
      open.add(ticket);
      taken.add(ticket.id());
    }

    void finishOne(Group group) {
      open.remove().done();
      group.pull(this);
    }
  }

  private Worker joined(int room) {
    var worker = new Worker(room);
    assertThat(group.join(worker).succeeded()).isTrue();
    return worker;
  }

  private void arrive(int events) {
    var given = new ArrayList<LiveMessage.Given>();
    var bytes = Buffer.buffer();
    for (int i = 0; i < events; i++) {
      given.add(new LiveMessage.Given(number, SHARE.text(), 0, new JournalPosition(number, 0)));
      EventBatch.write(
          bytes,
          new Event(
              new EventId(DeviceId.create(), 1, number++),
              Origin.DEVICE,
              ANN,
              0,
              "t",
              Buffer.buffer(),
              EventClass.NORMAL,
              1));
    }
    groups.take(new LiveMessage.SharedEvents("h", "r", given, bytes));
  }

  @Test
  void membersTakeTurns() {
    var workers = List.of(joined(100), joined(100), joined(100));
    arrive(30);
    assertThat(workers).allSatisfy(worker -> assertThat(worker.taken).hasSize(10).isSorted());
  }

  @Test
  void whoHasNoRoomIsPassedOverAndWhatNobodyHasRoomForWaitsInItsOrder() {
    var slow = joined(1);
    var quick = joined(3);
    arrive(6);
    assertThat(slow.taken).hasSize(1);
    assertThat(quick.taken).hasSize(3);

    quick.finishOne(group);
    quick.finishOne(group);

    assertThat(quick.taken).hasSize(5).endsWith(4L, 5L);
    assertThat(slow.taken).hasSize(1);
  }

  @Test
  void whatAMemberGivesBackGoesToAnotherBeforeWhatCameLater() {
    var one = joined(3);
    arrive(5);
    var other = new Worker(2);

    group.leave(one);
    // It was alone: what waits goes back, and what it has in a moment.
    assertThat(group.join(other).succeeded()).isTrue();
    one.open.forEach(Ticket::back);

    assertThat(other.taken).containsExactly(0L, 1L);
    other.finishOne(group);
    assertThat(other.taken).containsExactly(0L, 1L, 2L);
  }

  @Test
  void whatIsDoneIsNobodyElses() {
    var one = joined(2);
    arrive(2);
    var other = joined(5);
    var tickets = List.copyOf(one.open);
    tickets.getFirst().done();
    group.leave(one);

    tickets.forEach(Ticket::back);

    assertThat(other.taken).containsExactly(1L);
  }

  @Test
  void whoComesLateGetsWhatWaits() {
    var _ = joined(1);
    arrive(4);
    var late = joined(2);
    assertThat(late.taken).containsExactly(1L, 2L);
  }

  @Test
  void whatWaitsForTooLongDoesNotWaitHere() {
    var one = joined(1);
    arrive(4);

    groups.sweep(System.nanoTime() + TimeUnit.SECONDS.toNanos(2));
    one.finishOne(group);

    assertThat(one.taken).containsExactlyElementsOf(LongStream.of(0).boxed().toList());
  }
}
