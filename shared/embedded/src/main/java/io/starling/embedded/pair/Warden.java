package io.starling.embedded.pair;

import io.starling.embedded.EmbeddedDatabaseException;
import io.starling.embedded.pair.Answer.Silent;
import io.starling.embedded.pair.Answer.Writable;
import io.starling.embedded.pair.PairRules.View;
import io.starling.embedded.pair.Patience.Wrong;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Keeps a pair, turn by turn: looks at both servers, decides, does one thing.
 *
 * <p>For one thread; whoever calls {@link #turn} holds the lock of the pair.
 */
final class Warden {
  private static final Duration FIRST_REST = Duration.ofSeconds(2);
  private static final Duration LONGEST_REST = Duration.ofSeconds(30);

  private final Path folder;
  private final Steps steps;
  private final PairRules rules;
  private final DecisionLog log;
  private final Patience patience = new Patience();
  private final Map<String, Rest> rests = new HashMap<>();

  /** What the standby must have on its disk to be called following. */
  private long expected;

  private String expectedOf = "";

  /** After something was tried: not again before then, and longer each time. */
  private record Rest(long untilNanos, Duration length) {}

  Warden(Path folder, Steps steps, PairSettings settings, Consumer<String> listener) {
    this.folder = folder;
    this.steps = steps;
    this.rules = new PairRules(settings.silence(), settings.astray());
    this.log = new DecisionLog(folder.resolve("decisions.log"), listener);
  }

  /** One turn; blocks for as long as what it does. */
  PairStatus turn() {
    Memory memory = Memory.read(folder);
    View view = look();
    Decision decision = rules.decide(view, memory);
    String why = carryOut(decision, memory);
    // After a step the next turn tells how things stand; what is known of this one may be past.
    return status(view, Memory.read(folder), why);
  }

  /** Nothing is decided while all is stopped on purpose, and what was seen then does not count. */
  PairStatus rest() {
    log.say("stopped on purpose");
    PairStatus seen = report(true);
    patience.forget();
    rests.clear();
    return seen;
  }

  void tell(String text) {
    log.say(text);
  }

  /** Looks and does nothing. */
  PairStatus report(boolean stopped) {
    PairStatus seen = status(look(), Memory.read(folder), stopped ? "stopped on purpose" : "");
    return stopped ? seen.with(PairStatus.State.STOPPED) : seen;
  }

  private String carryOut(Decision decision, Memory memory) {
    String told = text(decision);
    try {
      String result = steps.take(decision, memory);
      told += result.isEmpty() ? "" : "; " + result;
      if (decision instanceof Decision.Start(String name, String _)) {
        rest(name);
      }
    } catch (EmbeddedDatabaseException | SQLException e) {
      told += ": failed: " + e.getMessage();
      switch (decision) {
        case Decision.Start(String name, String _) -> rest(name);
        case Decision.Copy(String name, String _, String _) -> rest(name);
        default -> {} // looked at and decided anew in the next turn
      }
    }
    log.say(told);
    return told;
  }

  private static String text(Decision decision) {
    String what =
        switch (decision) {
          case Decision.Wait _ -> "";
          case Decision.Fence(String name, String _) -> "fenced " + name + ": ";
          case Decision.Promote(String name, String _) -> "promoted " + name + ": ";
          case Decision.Start(String name, String _) -> "started " + name + ": ";
          case Decision.Copy(String name, String primary, String _) ->
              "copied " + primary + " to " + name + ": ";
          case Decision.Adopt(String name, String _) -> "follows " + name + ": ";
          case Decision.StopWaiting(String name, String _) -> name + " waits no longer: ";
          case Decision.StartWaiting(String name, String _) -> name + " shall wait: ";
          case Decision.ConfirmSync(String name, String _) -> name + " waits: ";
        };
    return what + decision.why();
  }

  private View look() {
    List<Sight> both = lookAtBoth();
    Sight a = both.getFirst();
    Sight b = both.getLast();
    long now = System.nanoTime();
    Wrong silentA = patience.note("silent a", !a.isSilent(), now);
    Wrong silentB = patience.note("silent b", !b.isSilent(), now);
    both.stream().filter(one -> !one.isSilent()).forEach(one -> rests.remove(one.name()));
    Set<String> resting =
        rests.entrySet().stream()
            .filter(rest -> rest.getValue().untilNanos() - now > 0)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    View seen = new View(a, b, silentA, silentB, Wrong.NOTHING, resting);
    return new View(a, b, silentA, silentB, notFollowing(seen, now), resting);
  }

  /** It need not have what was written this moment, but what was there at the last good look. */
  private Wrong notFollowing(View view, long now) {
    Optional<Sight> primary = view.primary();
    if (primary.isEmpty() || !(primary.get().answer() instanceof Writable answer)) {
      return patience.note("following", true, now);
    }
    Sight standby = view.other(primary.get());
    if (!primary.get().name().equals(expectedOf)) {
      expected = 0;
      expectedOf = primary.get().name();
    }
    boolean follows = PairRules.follows(standby, answer, expected);
    if (follows) {
      expected = answer.position();
    }
    return patience.note("following", follows, now);
  }

  private List<Sight> lookAtBoth() {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Sight> a = executor.submit(steps.a()::look);
      Future<Sight> b = executor.submit(steps.b()::look);
      return List.of(a.get(), b.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedDatabaseException("interrupted", e);
    } catch (ExecutionException e) {
      throw new EmbeddedDatabaseException("cannot look", e);
    }
  }

  private void rest(String name) {
    Rest before = rests.get(name);
    Duration length = before == null ? FIRST_REST : before.length().multipliedBy(2);
    Duration bounded = length.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : length;
    rests.put(name, new Rest(System.nanoTime() + bounded.toNanos(), bounded));
  }

  private PairStatus status(View view, Memory memory, String why) {
    Optional<Sight> primary = view.primary().filter(one -> one.answer() instanceof Writable);
    PairStatus.State state =
        primary.isEmpty()
            ? PairStatus.State.NO_PRIMARY
            : memory.inSync() && view.notFollowing().times() == 0
                ? PairStatus.State.IN_SYNC
                : PairStatus.State.DEGRADED;
    return new PairStatus(
        Instant.now(),
        state,
        primary.map(Sight::name).orElse(""),
        memory.promotion(),
        why,
        List.of(server(view.a()), server(view.b())));
  }

  private PairStatus.ServerStatus server(Sight sight) {
    Member member = steps.member(sight.name());
    PairStatus.Role role =
        switch (sight.answer()) {
          case Writable _ -> PairStatus.Role.PRIMARY;
          case Answer.ReadOnly _ -> PairStatus.Role.STANDBY;
          case Answer.Busy _ -> PairStatus.Role.SILENT;
          case Silent _ -> sight.running() ? PairStatus.Role.SILENT : PairStatus.Role.DEAD;
        };
    return new PairStatus.ServerStatus(
        sight.name(),
        member.server().address(),
        role,
        member.server().pid(),
        sight.timeline(),
        sight.down(),
        sight.fenced());
  }
}
