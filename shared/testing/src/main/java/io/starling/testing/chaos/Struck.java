package io.starling.testing.chaos;

import io.starling.testing.history.Recovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A fault that was done, and what came back when.
 *
 * @param at since the run began
 * @param held how long it lasted
 * @param firstAck from its beginning (its end, if nothing could go on without the node) until an
 *     event published since was acknowledged
 * @param everyDevice until every device had such an acknowledgement
 * @param sinks until each stream and the webhook had an event published since
 * @param slowestSink the last of those sinks
 * @param service from its beginning until every device and every sink had one, and calls by the
 *     other nodes were answered; a disk without space, and the only node, are beyond that
 * @param again the same from its end
 * @param changes from its beginning until a change of configuration made since was acknowledged
 * @param normal from its end until all that, for events published after its end, and every node and
 *     the database were well
 */
public record Struck(
    Fault fault,
    boolean stopped,
    Duration at,
    Duration held,
    Optional<Duration> firstAck,
    Optional<Duration> everyDevice,
    Optional<Duration> sinks,
    Optional<String> slowestSink,
    Optional<Duration> service,
    Optional<Duration> again,
    Optional<Duration> changes,
    Optional<Duration> normal) {

  private static final Duration CHANGES_LIMIT = Duration.ofSeconds(30);

  /**
   * For the checker.
   *
   * @param allowance limits are multiplied by it
   */
  Recovery recovery(double allowance) {
    var kind = fault.kind();
    var ack = stopped ? kind.normalLimit() : kind.ackLimit();
    var stream = stopped ? kind.normalLimit() : kind.streamLimit();
    var steps = new ArrayList<Recovery.Step>();
    if (hasService()) {
      var limit = times(kind.serviceLimit(), allowance);
      steps.add(new Recovery.Step("the service", service.orElse(null), limit));
      steps.add(new Recovery.Step("the service from its end", again.orElse(null), limit));
    }
    if (kind == FaultKind.DATABASE) {
      var limit = times(CHANGES_LIMIT, allowance);
      steps.add(new Recovery.Step("changes of configuration", changes.orElse(null), limit));
    }
    steps.addAll(
        List.of(
            new Recovery.Step(
                "first acknowledgement", firstAck.orElse(null), times(ack, allowance)),
            new Recovery.Step("streams", sinks.orElse(null), times(stream, allowance)),
            new Recovery.Step(
                "normal", normal.orElse(null), times(kind.normalLimit(), allowance))));
    return new Recovery("%s at %s".formatted(fault.text(), clock(at)), steps);
  }

  private boolean hasService() {
    return !stopped && fault.kind() != FaultKind.DISK;
  }

  private static Duration times(Duration limit, double factor) {
    return Duration.ofMillis(Math.round(limit.toMillis() * factor));
  }

  static String clock(Duration time) {
    return "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }
}
