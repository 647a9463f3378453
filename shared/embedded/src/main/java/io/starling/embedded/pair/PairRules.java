package io.starling.embedded.pair;

import io.starling.embedded.pair.Answer.Busy;
import io.starling.embedded.pair.Answer.Follower;
import io.starling.embedded.pair.Answer.Writable;
import io.starling.embedded.pair.Decision.Adopt;
import io.starling.embedded.pair.Decision.ConfirmSync;
import io.starling.embedded.pair.Decision.Copy;
import io.starling.embedded.pair.Decision.Fence;
import io.starling.embedded.pair.Decision.Promote;
import io.starling.embedded.pair.Decision.Start;
import io.starling.embedded.pair.Decision.StartWaiting;
import io.starling.embedded.pair.Decision.StopWaiting;
import io.starling.embedded.pair.Decision.Wait;
import io.starling.embedded.pair.Patience.Wrong;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What to do, given what was seen and what is remembered.
 *
 * @param silence after which a silent server is given up
 * @param astray after which a standby that runs and does not follow is copied anew
 */
record PairRules(Duration silence, Duration astray) {
  /** Commits that start to wait should not wait for long. */
  private static final long SMALL_LAG_BYTES = 16 << 20;

  /**
   * Both servers.
   *
   * @param silentA how long a has been silent
   * @param silentB how long b has been silent
   * @param notFollowing how long the standby has not followed the primary
   * @param resting whose start or copy failed a moment ago
   */
  record View(
      Sight a, Sight b, Wrong silentA, Wrong silentB, Wrong notFollowing, Set<String> resting) {

    /** The one that is the primary, or would be: empty if none claims it, or both do. */
    Optional<Sight> primary() {
      if (a.claims() == b.claims()) {
        return Optional.empty();
      }
      return Optional.of(a.claims() ? a : b);
    }

    Sight other(Sight one) {
      return one.name().equals(a.name()) ? b : a;
    }

    private Wrong silent(Sight one) {
      return one.name().equals(a.name()) ? silentA : silentB;
    }

    /** Whether it is for us to start its process. */
    private boolean mayStart(Sight one) {
      return !one.running() && !one.down() && !one.needsCopy() && !resting.contains(one.name());
    }
  }

  Decision decide(View view, Memory memory) {
    if (!memory.promoting().isEmpty()) {
      return new Promote(memory.promoting(), "that was decided before");
    }
    for (Sight one : new Sight[] {view.a(), view.b()}) {
      if (one.fenced() && one.running()) {
        return new Fence(one.name(), "it was started before it was copied anew");
      }
    }
    if (view.a().claims() && view.b().claims()) {
      Sight past = past(view, memory);
      return new Fence(
          past.name(),
          "both claim to be the primary, and its timeline is %d, that of %s is %d"
              .formatted(past.timeline(), view.other(past).name(), view.other(past).timeline()));
    }
    Optional<Sight> claims = view.primary();
    if (claims.isEmpty()) {
      return new Wait("neither is a primary: promote --force decides which of them shall be");
    }
    Sight primary = claims.get();
    if (!primary.name().equals(memory.primary())) {
      return new Adopt(primary.name(), "it is the primary on timeline " + primary.timeline());
    }
    return switch (primary.answer()) {
      case Writable answer -> inService(view, memory, primary, answer);
      case Busy _ -> new Wait(primary.name() + " has no connection left for the warden");
      default -> withoutPrimary(view, memory, primary);
    };
  }

  /** Whether the standby has all that the primary had a turn ago, and says so. */
  static boolean follows(Sight standby, Writable primary, long position) {
    Follower follower = primary.follower();
    return !standby.isSilent()
        && follower != null
        && follower.streaming()
        && follower.flushed() >= position;
  }

  /** Of two that claim it: the lower timeline; of two equal ones, the one not remembered. */
  private static Sight past(View view, Memory memory) {
    Sight a = view.a();
    Sight b = view.b();
    if (a.timeline() == b.timeline()) {
      return a.name().equals(memory.primary()) ? b : a;
    }
    return a.timeline() < b.timeline() ? a : b;
  }

  private Decision inService(View view, Memory memory, Sight primary, Writable answer) {
    Sight standby = view.other(primary);
    Wrong lost = view.notFollowing();
    if (memory.inSync() && !answer.waits()) {
      return new StopWaiting(primary.name(), "somebody told it not to wait");
    }
    if (answer.waits()) {
      if (standby.needsCopy() || lost.isFor(silence)) {
        return new StopWaiting(primary.name(), standby.name() + " is gone");
      }
    } else {
      boolean leads = standby.isReadOnly() && lost.isFor(astray);
      if ((standby.needsCopy() || leads) && !standby.down() && !rests(view, standby)) {
        return new Copy(
            standby.name(), primary.name(), leads ? "it does not follow" : "it must be new");
      }
    }
    if (view.mayStart(standby)) {
      return new Start(standby.name(), "its process is gone");
    }
    return lost.times() > 0
        ? new Wait(standby.name() + (standby.down() ? " is down" : " does not follow"))
        : following(memory, primary.name(), standby.name(), answer);
  }

  private static Decision following(
      Memory memory, String primary, String standby, Writable answer) {
    Follower follower = answer.follower();
    if (follower == null) {
      return new Wait(standby + " is not connected");
    }
    if (!answer.waits()) {
      return answer.position() - follower.flushed() < SMALL_LAG_BYTES
          ? new StartWaiting(primary, standby + " follows")
          : new Wait(standby + " catches up");
    }
    if (!memory.inSync()) {
      return follower.sync()
          ? new ConfirmSync(primary, standby + " is waited for")
          : new Wait(standby + " is not waited for yet");
    }
    return new Wait("in sync");
  }

  private Decision withoutPrimary(View view, Memory memory, Sight primary) {
    Sight standby = view.other(primary);
    boolean hasAll = memory.inSync() && !standby.needsCopy();
    if (hasAll && standby.isReadOnly()) {
      return view.silent(primary).isFor(silence)
          ? new Promote(
              standby.name(),
              "%s was silent for %.1f s"
                  .formatted(primary.name(), view.silent(primary).time().toMillis() / 1000.0))
          : new Wait(primary.name() + " is silent");
    }
    if (view.mayStart(primary)) {
      return new Start(primary.name(), "its process is gone and nobody can replace it");
    }
    if (view.mayStart(standby)) {
      return new Start(standby.name(), "its process is gone");
    }
    return new Wait(
        hasAll
            ? "both are silent"
            : "%1$s is silent and %2$s may lack what it acknowledged: waiting for %1$s"
                    .formatted(primary.name(), standby.name())
                + " (promote --force decides otherwise)");
  }

  private static boolean rests(View view, Sight one) {
    return view.resting().contains(one.name());
  }
}
