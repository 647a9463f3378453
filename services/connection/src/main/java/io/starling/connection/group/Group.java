package io.starling.connection.group;

import io.starling.contract.AccountId;
import io.starling.contract.Interest;
import io.starling.contract.SharedFilter;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The members of one shared subscription at this gateway. Belongs to one event loop. */
public final class Group {
  private final Groups groups;
  private final AccountId account;
  private final SharedFilter filter;
  private final List<Member> members = new ArrayList<>();

  /** What nobody has room for, in the order in which it came. */
  private final PriorityQueue<Ticket> waiting = new PriorityQueue<>();

  /** How many tickets are neither done nor back. */
  private int open;

  /** How many events all members take together. */
  private int room;

  private int turn;
  private @Nullable Interest told;

  Group(Groups groups, AccountId account, SharedFilter filter) {
    this.groups = groups;
    this.account = account;
    this.filter = filter;
  }

  /** Takes a member in; completes when the relays know. */
  public Future<Void> join(Member member) {
    members.add(member);
    room += member.room();
    fill();
    return tell();
  }

  /** A member leaves. What it was given it finishes with, or gives back. */
  public void leave(Member member) {
    if (members.remove(member)) {
      room -= member.room();
    }
    if (members.isEmpty()) {
      for (var ticket = waiting.poll(); ticket != null; ticket = waiting.poll()) {
        giveBack(ticket);
      }
    }
    var _ = tell();
  }

  /** A member may have room again. */
  public void pull(Member member) {
    for (var next = waiting.peek(); next != null && member.hasRoom(next); next = waiting.peek()) {
      var _ = waiting.poll();
      member.give(next);
    }
  }

  void take(Ticket ticket) {
    open++;
    if (members.isEmpty()) {
      giveBack(ticket);
    } else {
      waiting.add(ticket);
      fill();
    }
  }

  void takeBack(Ticket ticket) {
    if (members.isEmpty()) {
      giveBack(ticket);
      var _ = tell();
    } else {
      waiting.add(ticket);
      fill();
    }
  }

  private void giveBack(Ticket ticket) {
    open--;
    ticket.leave();
    groups.back(ticket);
  }

  void done(Ticket ticket) {
    open--;
    groups.done(ticket);
    if (members.isEmpty()) {
      var _ = tell();
    }
  }

  private void fill() {
    for (var next = waiting.peek(); next != null; next = waiting.peek()) {
      var member = next(next);
      if (member == null) {
        return;
      }
      var _ = waiting.poll();
      member.give(next);
    }
  }

  /** The next in turn that has room; of those without, one that may lose it at QoS 0. */
  private @Nullable Member next(Ticket ticket) {
    for (int i = 0; i < members.size(); i++) {
      turn = (turn + 1) % members.size();
      if (members.get(turn).hasRoom(ticket)) {
        return members.get(turn);
      }
    }
    return ticket.qos() == 0 && !members.isEmpty() ? members.getFirst() : null;
  }

  /** Gives back what has been waiting since before this time: others may have room. */
  void sweep(long beforeNanos) {
    fill();
    for (var oldest = waiting.peek();
        oldest != null && oldest.arrivedNanos() - beforeNanos < 0;
        oldest = waiting.peek()) {
      var _ = waiting.poll();
      giveBack(oldest);
    }
  }

  private Future<Void> tell() {
    boolean over = members.isEmpty() && open == 0;
    var share = new Interest.Share(members.size(), room);
    var now = over ? null : Interest.shared(account, filter, share);
    if (over) {
      groups.over(account, filter);
    }
    var before = told;
    told = now;
    return Objects.equals(before, now) ? Future.succeededFuture() : groups.tell(before, now);
  }
}
