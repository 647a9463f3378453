package io.starling.testing.chaos;

import io.starling.testing.history.Recovery;
import io.starling.testing.history.Recovery.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an outage of all database servers came to.
 *
 * @param length from the death of the last server until one answered again
 * @param node that was killed and started meanwhile
 * @param quiet how long devices of the other nodes waited while nothing but the database was wrong
 * @param shaken the same while the node was dead or starting too
 * @param sinks from the death of the servers until the streams and the webhook had an event
 *     published since
 * @param calls made while the database was away
 * @param returned of those
 * @param newcomers devices that had never connected before
 * @param newcomersIn from the start of the node's process until each of them had published there
 *     and was acknowledged; empty: not while the database was away
 * @param answered from the command to start the database until it answered
 * @param changes from its answer until a change of configuration made since its death was
 *     acknowledged
 * @param waiting events that were acknowledged when it answered and had been published since it
 *     died
 * @param rows from its answer until all of them were rows
 * @param criticalRows the same of those that were critical
 * @param criticalLags from PUBLISH to row, of critical events published since it answered; shortest
 *     first
 * @param misplaced how many of their rows are not of the critical class
 * @param well from its answer until every node and both servers were well
 */
public record OutageFigures(
    Duration length,
    String node,
    List<Waits> quiet,
    List<Waits> shaken,
    Optional<Duration> sinks,
    int calls,
    int returned,
    int newcomers,
    Optional<Duration> newcomersIn,
    Duration answered,
    Optional<Duration> changes,
    long waiting,
    Optional<Duration> rows,
    Optional<Duration> criticalRows,
    List<Duration> criticalLags,
    long misplaced,
    Optional<Duration> well) {
  private static final Duration SINKS_LIMIT = Duration.ofSeconds(10);
  private static final Duration QUIET_LIMIT = Duration.ofSeconds(3);
  private static final Duration SHAKEN_LIMIT = Duration.ofSeconds(10);
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration CRITICAL_LIMIT = Duration.ofSeconds(5);
  private static final Duration CHANGES_LIMIT = Duration.ofSeconds(30);
  private static final Duration WELL_LIMIT = Duration.ofMinutes(5);

  /** What it takes to begin to catch up, however short the outage was. */
  private static final Duration LEAST_ROWS_LIMIT = Duration.ofSeconds(10);

  public OutageFigures {
    quiet = List.copyOf(quiet);
    shaken = List.copyOf(shaken);
    criticalLags = List.copyOf(criticalLags);
  }

  /** From PUBLISH to row of nearly every critical event. */
  public Duration criticalLag() {
    return Waits.at(criticalLags, 0.99);
  }

  /** Time until the backlog was rows, as a share of the outage; 1 if it never was. */
  public double share() {
    return rows.map(time -> time.toMillis() / (double) length.toMillis()).orElse(1.0);
  }

  /**
   * For the checker.
   *
   * @param allowance limits are multiplied by it
   */
  Recovery recovery(double allowance) {
    var tenth = length.dividedBy(10);
    var rowsLimit = tenth.compareTo(LEAST_ROWS_LIMIT) > 0 ? tenth : LEAST_ROWS_LIMIT;
    var kept = quiet.stream().allMatch(waits -> waits.lost() == 0);
    var ofItsClass = misplaced == 0 && !criticalLags.isEmpty();
    return new Recovery(
        "outage of the database",
        Stream.of(
                step("a PUBACK without other faults", Optional.of(slowest(quiet)), QUIET_LIMIT),
                step("a PUBACK with a node dead", Optional.of(slowest(shaken)), SHAKEN_LIMIT),
                step("connections of other nodes", when(kept), Duration.ZERO),
                step("streams and webhook", sinks, SINKS_LIMIT),
                step("new devices at " + node, newcomersIn, START_LIMIT),
                step("rows of what waited", rows, rowsLimit),
                step("rows of what was critical", criticalRows, rowsLimit),
                step("a critical event's row", Optional.of(criticalLag()), CRITICAL_LIMIT),
                step("the critical class of rows", when(ofItsClass), Duration.ZERO),
                step("changes of configuration", changes, CHANGES_LIMIT),
                step("all well", well, WELL_LIMIT))
            .map(step -> new Step(step.what(), step.took(), times(step.limit(), allowance)))
            .toList());
  }

  private static Step step(String what, Optional<Duration> took, Duration limit) {
    return new Step(what, took.orElse(null), limit);
  }

  private static Optional<Duration> when(boolean holds) {
    return holds ? Optional.of(Duration.ZERO) : Optional.empty();
  }

  private static Duration slowest(List<Waits> parts) {
    return parts.stream()
        .map(Waits::slowest)
        .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) > 0 ? a : b);
  }

  private static Duration times(Duration limit, double factor) {
    return Duration.ofMillis(Math.round(limit.toMillis() * factor));
  }

  /** For people. */
  public String text() {
    var text = new StringBuilder();
    text.append("All PostgreSQL servers away for %s%n".formatted(seconds(length)));
    text.append(
        "  %-34s %8s %8s %9s %11s %7s%n"
            .formatted(
                "DEVICES OF THE OTHER NODES", "EVENTS", "P99", "SLOWEST", "UNANSWERED", "MOVED"));
    quiet.forEach(waits -> text.append(waits.line()));
    shaken.forEach(waits -> text.append(waits.line()));
    text.append(
        """
          streams and webhook: an event published since after %s
          calls while it was away: %,d of %,d returned
          %s, killed and started without a database: %d devices it had never seen publish after %s
          back %s after the start; %,d events waited, all rows %s later: %s of the outage
          critical ones of those: rows after %s
          %,d critical events published since: event to row p50 %s, p99 %s, worst %s
          changes of configuration acknowledged again after %s, all well after %s
        """
            .formatted(
                seconds(sinks),
                returned,
                calls,
                node,
                newcomers,
                seconds(newcomersIn),
                seconds(answered),
                waiting,
                seconds(rows),
                rows.isPresent() ? "%.1f %%".formatted(100 * share()) : "more than all",
                seconds(criticalRows),
                criticalLags.size(),
                seconds(Waits.at(criticalLags, 0.5)),
                seconds(criticalLag()),
                seconds(criticalLags.isEmpty() ? null : criticalLags.getLast()),
                seconds(changes),
                seconds(well)));
    return text.toString();
  }

  private static String seconds(Optional<Duration> time) {
    return seconds(time.orElse(null));
  }

  private static String seconds(@Nullable Duration time) {
    return time == null ? "never" : "%.1f s".formatted(time.toMillis() / 1e3);
  }
}
