package io.starling.journal.membership;

import io.starling.journal.membership.HandOver.Kept;
import io.starling.journal.membership.HandOver.Moved;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves leadership away from this node: some of it when it has too much, all when it drains. */
public final class Leaders {
  private static final Logger LOG = LoggerFactory.getLogger(Leaders.class);

  /** One try. Ratis holds appends back meanwhile. */
  private static final Duration TRY = Duration.ofSeconds(3);

  private final Member self;
  private final Neighbours neighbours;
  private final List<JournalAddress> addresses;

  /** The leaders of all logs, as far as they are on this node. */
  public Leaders(Member self, Neighbours neighbours, Collection<JournalAddress> addresses) {
    this.self = self;
    this.neighbours = neighbours;
    this.addresses = List.copyOf(addresses);
  }

  /**
   * Hands at most one log over, if this node leads more than its share and all is well. Blocks, for
   * 3 s at most.
   *
   * @return what was moved
   */
  public Optional<String> turn() throws InterruptedException {
    Survey survey = Survey.take(neighbours, addresses);
    Optional<Balance.Move> move = Balance.next(self.diskId(), survey.all().values());
    if (move.isEmpty()) {
      return Optional.empty();
    }
    String log = move.get().log();
    Member to = move.get().to();
    try {
      neighbours.transfer(self.address(), log, to.diskId(), TRY);
      LOG.info("{} is led by {} now, to spread the leaders", log, to);
      return Optional.of(log);
    } catch (IOException e) {
      LOG.warn("{} could not be handed to {}: {}", log, to, e.getMessage());
      return Optional.empty();
    }
  }

  /** Hands over every log that is led here, within a limit. Blocks. */
  public HandOver handOver(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    Map<String, LogMembers> logs = Survey.take(neighbours, addresses).all();
    Map<String, Integer> led = new HashMap<>(Balance.led(logs.values()));
    List<Moved> moved = new ArrayList<>();
    List<Kept> kept = new ArrayList<>();
    for (LogMembers log : logs.values()) {
      if (log.leader() == null) {
        kept.add(new Kept(log.log(), "no leader answers"));
      } else if (log.leader().equals(self)) {
        handOver(log, led, end, moved, kept);
      }
    }
    return new HandOver(moved, kept);
  }

  private void handOver(
      LogMembers log, Map<String, Integer> led, long end, List<Moved> moved, List<Kept> kept)
      throws InterruptedException {
    String why = "no other replica answers";
    long begun = System.nanoTime();
    for (Member to : Balance.candidates(log, led)) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (left.toMillis() < 1) {
        break;
      }
      Member leader = to;
      try {
        neighbours.transfer(
            self.address(), log.log(), to.diskId(), left.compareTo(TRY) < 0 ? left : TRY);
      } catch (IOException e) {
        why = to + ": " + e.getMessage();
        leader = Survey.take(neighbours, addresses).of(log.log()).leader();
      }
      if (leader != null && !leader.equals(self)) { // now and then a third one wins
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        LOG.info("{} is led by {} now, handed over in {} ms", log.log(), leader, took.toMillis());
        led.merge(leader.diskId(), 1, Integer::sum);
        moved.add(new Moved(log.log(), leader, took));
        return;
      }
    }
    kept.add(new Kept(log.log(), why));
  }
}
