package io.starling.testing.chaos;

import io.starling.testing.history.Publication;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How long devices waited for their PUBACKs in one part of a run.
 *
 * @param part what went on
 * @param published events in that time
 * @param unanswered of those
 * @param lost how many of the devices went out with another connection in the end than at first, as
 *     far as their events tell
 */
record Waits(
    String part, int published, int unanswered, Duration p99, Duration slowest, long lost) {

  /** Of these events, by device, those published in this time. */
  static Waits of(String part, List<List<Publication>> publications, long fromNanos, long toNanos) {
    var within =
        publications.stream()
            .flatMap(List::stream)
            .filter(e -> e.invokedNanos() - fromNanos >= 0 && e.invokedNanos() - toNanos < 0)
            .toList();
    var waits =
        within.stream()
            .filter(Publication::isAcked)
            .map(event -> Duration.ofNanos(event.ackedNanos() - event.invokedNanos()))
            .sorted()
            .toList();
    var lost =
        within.stream().collect(Collectors.groupingBy(Publication::device)).values().stream()
            .filter(
                ofDevice -> ofDevice.stream().mapToInt(Publication::session).distinct().count() > 1)
            .count();
    return new Waits(
        part,
        within.size(),
        within.size() - waits.size(),
        at(waits, 0.99),
        waits.stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO),
        lost);
  }

  /** That share of sorted times is not longer; zero if there are none. */
  static Duration at(List<Duration> sorted, double share) {
    return sorted.isEmpty()
        ? Duration.ZERO
        : sorted.get((int) Math.min(sorted.size() - 1L, (long) (sorted.size() * share)));
  }

  String line() {
    return "  %-34s %,8d %8s %9s %11d %7d%n"
        .formatted(part, published, millis(p99), millis(slowest), unanswered, lost);
  }

  private static String millis(Duration time) {
    return "%,d ms".formatted(time.toMillis());
  }
}
