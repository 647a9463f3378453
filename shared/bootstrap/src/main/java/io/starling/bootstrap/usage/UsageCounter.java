package io.starling.bootstrap.usage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryRequest.NoteUsage;
import io.starling.contract.HistoryRequest.UsageNote;
import io.starling.contract.UsageKind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Counts for one verticle, on its event loop. */
public final class UsageCounter {
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration LAST_LIMIT = Duration.ofSeconds(1);
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

  /** Of devices: beyond, only what their products used is counted. */
  private static final int MAX_DEVICE_SUMS = 50_000;

  /** Beyond, nothing new is counted. */
  private static final int MAX_SUMS = 100_000;

  private final Bus bus;
  private final InstantSource clock;
  private final Counter lost;
  private final String source;
  private final Map<Key, Long> sums = new LinkedHashMap<>();

  /** What is sent, or is to be sent again as the same batch. */
  private List<UsageNote> underWay = List.of();

  private long batch;
  private @Nullable Future<Void> telling;

  private record Key(
      AccountId account, int product, @Nullable DeviceId device, long hourMillis, UsageKind kind) {}

  /** Knows of nothing yet, and tells nothing by itself. */
  public UsageCounter(Bus bus, String node, MeterRegistry meters, InstantSource clock) {
    this.bus = bus;
    this.clock = clock;
    this.source = node + "/" + UUID.randomUUID();
    this.lost =
        Counter.builder("starling.usage.lost")
            .description("What was used and not counted: the database was away for too long")
            .register(meters);
  }

  /** One that tells what it counts, as long as the caller's context lives. */
  public static UsageCounter telling(Vertx vertx, Node node, InstantSource clock) {
    var counter = new UsageCounter(node.bus(), node.name(), node.meters(), clock);
    vertx.setPeriodic(
        EVERY.toMillis(),
        _ -> {
          var _ = counter.tell();
        });
    return counter;
  }

  /** Something occurred now. */
  public void count(
      AccountId account, int product, @Nullable DeviceId device, UsageKind kind, long count) {
    count(account, product, device, kind, count, clock.millis());
  }

  /** Something occurred at a time. */
  public void count(
      AccountId account,
      int product,
      @Nullable DeviceId device,
      UsageKind kind,
      long count,
      long atMillis) {
    boolean tells = sums.size() < MAX_DEVICE_SUMS;
    long hour = atMillis - Math.floorMod(atMillis, HOUR_MILLIS);
    var key = new Key(account, product, tells ? device : null, hour, kind);
    if (sums.size() < MAX_SUMS || sums.containsKey(key)) {
      sums.merge(key, count, Long::sum);
    } else {
      lost.increment((double) count);
    }
  }

  /** How many sums wait to be told. */
  public int waiting() {
    return sums.size() + underWay.size();
  }

  /** Tells all that is counted, if the relays can take it; what they cannot stays. */
  public Future<Void> tell() {
    var now = telling;
    if (now != null) {
      return now;
    }
    var turn = turn().otherwiseEmpty();
    if (!turn.isComplete()) {
      telling = turn;
      var _ = turn.onComplete(_ -> telling = null);
    }
    return turn;
  }

  /** Tells for the last time; does not wait for long. */
  public Future<Void> close() {
    return tell().timeout(LAST_LIMIT.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
  }

  private Future<Void> turn() {
    if (underWay.isEmpty()) {
      underWay = take();
      batch++;
    }
    return underWay.isEmpty()
        ? Future.succeededFuture()
        : bus.ask(new NoteUsage(source, batch, underWay), LIMIT).compose(this::told);
  }

  private Future<Void> told(HistoryReply.NoteUsageReply reply) {
    return switch (reply) {
      case HistoryReply.UsageNoted _ -> {
        underWay = List.of();
        yield turn();
      }
      case HistoryReply.DatabaseDown _ -> Future.succeededFuture();
    };
  }

  private List<UsageNote> take() {
    var notes = new ArrayList<UsageNote>();
    var all = sums.entrySet().iterator();
    while (all.hasNext() && notes.size() < NoteUsage.MAX_NOTES) {
      var sum = all.next();
      var key = sum.getKey();
      notes.add(
          new UsageNote(
              key.account(),
              key.product(),
              key.device(),
              key.hourMillis(),
              key.kind(),
              sum.getValue()));
      all.remove();
    }
    return List.copyOf(notes);
  }
}
