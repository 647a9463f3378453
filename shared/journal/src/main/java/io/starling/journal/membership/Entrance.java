package io.starling.journal.membership;

import io.starling.journal.disk.JournalFolder;
import io.starling.journal.membership.Admission.Found;
import io.starling.journal.membership.Admission.Join;
import io.starling.journal.membership.Admission.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a disk comes in, stays, and is turned away. Used by one thread at a time; everything blocks.
 */
public final class Entrance {
  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);
  private static final long POLL_MILLIS = 200;

  /** After a restart of all, leaders are there within a few seconds. */
  private static final Duration PATIENCE_FOR_LEADERS = Duration.ofSeconds(15);

  private final JournalFolder folder;
  private final Neighbours neighbours;
  private final List<JournalAddress> replicas;
  private @Nullable Charter charter;

  /** For one folder, among these addresses. */
  public Entrance(JournalFolder folder, Neighbours neighbours, List<JournalAddress> replicas)
      throws IOException {
    this.folder = folder;
    this.neighbours = neighbours;
    this.replicas = List.copyOf(replicas);
    this.charter = Charter.read(folder);
  }

  /**
   * Before anything is started: whether this disk may go on with the logs that it has. Only leaders
   * are believed; if none answers, the disk starts, and is told later by those it asks for votes.
   *
   * @param present logs on the disk
   * @throws IOException in words for an operator, if logs were deleted, or if the disk was taken
   *     out
   */
  public void check(Set<String> present) throws IOException, InterruptedException {
    if (replicas.isEmpty()) {
      if (charter != null) {
        throw new IOException(
            "this disk, "
                + folder.diskId()
                + ", is one of several replicas: it must not be started alone");
      }
      return;
    }
    Charter known = charter;
    if (known == null && present.isEmpty()) {
      return;
    }
    if (known == null) {
      known = new Charter(List.of(), present, present); // it was a lone one until now
      write(known);
    }
    for (String log : known.hosted()) {
      if (!present.contains(log)) {
        throw new IOException(
            log
                + " was on this disk, "
                + folder.diskId()
                + ", and is gone: under its old name the disk must not come back without what it"
                + " has acknowledged. "
                + setAside());
      }
    }
    if (out(Survey.take(neighbours, replicas), known.member())) {
      throw new IOException(
          "this disk, "
              + folder.diskId()
              + ", was taken out of all its logs while it was away. "
              + setAside());
    }
  }

  private void write(Charter next) throws IOException {
    next.write(folder);
    charter = next;
  }

  /** What an operator does with a folder that cannot be used any more. */
  public static String setAside() {
    return "Set the folder aside (nothing is deleted), start again with an empty one, and let the"
        + " new disk be taken in: it is filled from the other replicas";
  }

  /** Whether leaders answer that this disk is out of a log, and none that it is in one. */
  private boolean out(Survey survey, Set<String> logs) {
    boolean out = false;
    for (String log : logs) {
      LogView leader = survey.leaderOf(log);
      if (leader != null && (leader.has(folder.diskId()) || leader.changing())) {
        return false;
      }
      out |= leader != null;
    }
    return out;
  }

  /** Whether a leader answers that this disk is not a member of its log. */
  public boolean isOut(String log) throws InterruptedException {
    return out(Survey.take(neighbours, replicas), Set.of(log));
  }

  /**
   * Decides how a log that is not on this disk is started. A new disk decides for all logs, once
   * and for all. One that has hosted others goes by what their members are now; if their leaders do
   * not answer, by who founded them.
   *
   * @return its members; none: empty, to be taken in
   * @throws IOException if that cannot be decided for too long; nothing was changed then
   */
  public List<Member> admit(String log, Duration patience)
      throws IOException, InterruptedException {
    Charter known = charter;
    if (known == null) {
      Admission decided =
          decide(() -> Admission.decide(folder.diskId(), neighbours.ask(replicas)), patience);
      known = Charter.founded(members(decided, "the logs", patience));
      write(known);
    }
    if (known.hosted().isEmpty()) {
      return known.founders();
    }
    Duration limit = patience.compareTo(PATIENCE_FOR_LEADERS) < 0 ? patience : PATIENCE_FOR_LEADERS;
    Admission decided =
        decide(
            () -> Admission.decideNew(folder.diskId(), log, Survey.take(neighbours, replicas)),
            limit);
    return decided instanceof Wait ? known.founders() : members(decided, log, limit);
  }

  private List<Member> members(Admission decided, String what, Duration patience)
      throws IOException {
    return switch (decided) {
      case Found(var members) -> {
        LOG.info("founding {} with {}", what, members);
        yield members;
      }
      case Join(var because) -> {
        LOG.info("disk {} waits to be taken into {}: {}", folder.diskId(), what, because);
        yield List.of();
      }
      case Wait(var because) ->
          throw new IOException("after " + patience.toSeconds() + " s: " + because);
    };
  }

  private interface Decision {
    Admission make() throws InterruptedException;
  }

  /** Asks until it is decided; still to wait if that takes too long. */
  private static Admission decide(Decision decision, Duration patience)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    String told = "";
    while (true) {
      Admission admission = decision.make();
      if (!(admission instanceof Wait(var because)) || System.nanoTime() > end) {
        return admission;
      }
      if (!because.equals(told)) {
        LOG.info("waiting: {}", because);
        told = because;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** Notes which logs are on this disk now. */
  public void hosting(Set<String> logs) throws IOException {
    Charter now = Objects.requireNonNull(charter, "nothing was decided");
    if (!now.hosted().equals(logs)) {
      write(now.hosting(logs));
    }
  }

  /** Notes that this disk is a member of a log. */
  public void memberOf(String log) throws IOException {
    Charter now = Objects.requireNonNull(charter, "nothing was decided");
    if (!now.member().contains(log)) {
      Set<String> logs = new TreeSet<>(now.member());
      logs.add(log);
      write(now.memberOf(logs));
    }
  }

  /** Whether this disk was ever a member of a log. */
  public boolean wasMemberOf(String log) {
    Charter known = charter;
    return known != null && known.member().contains(log);
  }
}
