package io.starling.testing.chaos;

import io.starling.testing.history.Recovery;
import java.time.Duration;
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
    Optional<Duration> normal) {

  /**
   * For the checker.
   *
   * @param allowance limits are multiplied by it
   */
  Recovery recovery(double allowance) {
    var kind = fault.kind();
    var ack = stopped ? kind.normalLimit() : kind.ackLimit();
    var stream = stopped ? kind.normalLimit() : kind.streamLimit();
    return new Recovery(
        "%s at %s".formatted(fault.text(), clock(at)),
        List.of(
            new Recovery.Step(
                "first acknowledgement", firstAck.orElse(null), times(ack, allowance)),
            new Recovery.Step("streams", sinks.orElse(null), times(stream, allowance)),
            new Recovery.Step(
                "normal", normal.orElse(null), times(kind.normalLimit(), allowance))));
  }

  private static Duration times(Duration limit, double factor) {
    return Duration.ofMillis(Math.round(limit.toMillis() * factor));
  }

  static String clock(Duration time) {
    return "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }
}
