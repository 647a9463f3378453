package io.starling.testing.chaos;

import io.starling.testing.check.Violation;
import io.starling.testing.history.CallRecord;
import io.starling.testing.history.Evidence;
import io.starling.testing.history.MemorySample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What became of a run. */
public record Outcome(
    long seed,
    Duration lasted,
    Evidence evidence,
    List<Struck> faults,
    List<Violation> violations) {
  private static final int SHOWN = 20;
  private static final int REASONS = 5;

  /** What makes two answers to calls differ that say the same. */
  private static final Pattern DETAILS = Pattern.compile("http://\\S+|[0-9a-f]{24}");

  public Outcome {
    faults = List.copyOf(faults);
    violations = List.copyOf(violations);
  }

  /** For people: the faults, the figures, the verdict. */
  public String text() {
    var text = new StringBuilder();
    if (!faults.isEmpty()) {
      table(text);
    }
    text.append(figures());
    violations.stream().limit(SHOWN).forEach(v -> text.append(v).append(System.lineSeparator()));
    if (violations.size() > SHOWN) {
      text.append("and %,d more%n".formatted(violations.size() - SHOWN));
    }
    return text.append(verdict()).toString();
  }

  private void table(StringBuilder text) {
    text.append(
        "%-6s %-16s %7s %10s %12s %8s %8s %8s %8s %8s  %s%n"
            .formatted(
                "AT",
                "FAULT",
                "HELD",
                "FIRST ACK",
                "ALL DEVICES",
                "SINKS",
                "SERVICE",
                "AGAIN",
                "CHANGES",
                "NORMAL",
                "LAST SINK"));
    for (var struck : faults) {
      text.append(
          "%-6s %-16s %7s %10s %12s %8s %8s %8s %8s %8s  %s%n"
              .formatted(
                  Struck.clock(struck.at()),
                  struck.fault().text(),
                  seconds(Optional.of(struck.held())),
                  seconds(struck.firstAck()),
                  seconds(struck.everyDevice()),
                  seconds(struck.sinks()),
                  seconds(struck.service()),
                  seconds(struck.again()),
                  seconds(struck.changes()),
                  seconds(struck.normal()),
                  struck.slowestSink().orElse("")));
    }
    text.append(
        faults.stream().anyMatch(Struck::stopped)
            ? "(first ack, all devices, sinks: from the end of a fault of the only node)%n"
                .formatted()
            : ("(first ack, all devices, sinks, service, changes: from the fault; again: the service from its"
                    + " end; normal: the same with every node)%n")
                .formatted());
  }

  /** One line. */
  public String verdict() {
    return violations.isEmpty()
        ? "seed %d, %s, %d faults: every promise was kept"
            .formatted(seed, Struck.clock(lasted), faults.size())
        : "seed %d, %s, %d faults: %,d VIOLATIONS"
            .formatted(seed, Struck.clock(lasted), faults.size(), violations.size());
  }

  private String figures() {
    var published = evidence.publications().stream().mapToLong(List::size).sum();
    var returned = evidence.calls().stream().filter(CallRecord::isReturned).count();
    var sinks =
        evidence.sinks().stream()
            .map(sink -> "%s %,d".formatted(sink.name(), sink.observations().size()))
            .collect(Collectors.joining(", "));
    var memory =
        evidence.memory().stream()
            .collect(
                Collectors.groupingBy(
                    MemorySample::process,
                    TreeMap::new,
                    Collectors.mapping(MemorySample::bytes, Collectors.reducing(0L, Math::max))));
    var why =
        evidence.calls().stream()
            .filter(call -> !call.isReturned())
            .map(Outcome::why)
            .collect(Collectors.groupingBy(text -> text, TreeMap::new, Collectors.counting()));
    var reasons =
        why.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(REASONS)
            .map(entry -> "  %,d calls: %s%n".formatted(entry.getValue(), entry.getKey()))
            .collect(Collectors.joining());
    return """
    published %,d, acknowledged %,d; received: %s
    calls %,d, returned %,d; owners seen %,d; most memory: %s
    """
            .formatted(
                published,
                evidence.acked().size(),
                sinks,
                evidence.calls().size(),
                returned,
                evidence.owners().size(),
                memory.entrySet().stream()
                    .map(entry -> "%s %,d MiB".formatted(entry.getKey(), entry.getValue() >> 20))
                    .collect(Collectors.joining(", ")))
        + reasons;
  }

  /** Each call that failed, for whoever looks for the reason. */
  public String failedCalls() {
    long from = evidence.firstNanos();
    return evidence.calls().stream()
        .filter(call -> !call.isReturned())
        .map(
            call ->
                "%7.1f s  by node-%d, device %d, after %.1f s: %s"
                    .formatted(
                        (call.madeNanos() - from) / 1e9,
                        call.node() + 1,
                        call.device(),
                        (call.endedNanos() - call.madeNanos()) / 1e9,
                        why(call)))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String why(CallRecord call) {
    return call.outcome() instanceof CallRecord.Failed(var why)
        ? DETAILS.matcher(why).replaceAll("…")
        : "";
  }

  private static String seconds(Optional<Duration> time) {
    return time.map(duration -> "%.1f s".formatted(duration.toMillis() / 1e3)).orElse("never");
  }
}
