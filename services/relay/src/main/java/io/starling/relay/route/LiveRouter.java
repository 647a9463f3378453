package io.starling.relay.route;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.EventBatch;
import io.starling.contract.LiveMessage;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends committed events to the holders of matching subscriptions: once to each holder, in the
 * order of the shard. A holder that does not keep up loses events, counted, rather than holding up
 * a shard: what it holds are live streams; who needs every event has a cursor. Belongs to the
 * relay's event loop.
 */
public final class LiveRouter {
  private static final Logger LOG = LoggerFactory.getLogger(LiveRouter.class);
  private static final Duration TAKEN_LIMIT = Duration.ofSeconds(10);
  private static final long SILENT_MILLIS = 10_000;

  /** Between two sweeps, of which there is one a second. */
  private static final long PAUSE_MILLIS = 4_000;

  /** How much may be on its way to one holder. */
  private static final long MAX_UNDER_WAY_BYTES = 16 << 20;

  private final Bus bus;
  private final InterestTable table = new InterestTable();
  private final Map<String, Long> underWay = new HashMap<>();
  private long events;
  private long sweptAtMillis;
  private final Counter sent;
  private final Counter dropped;

  private static final class Outgoing {
    final Buffer bytes = Buffer.buffer();
    long lastEvent = -1;
  }

  /** A router that knows of nobody. */
  public LiveRouter(Bus bus, MeterRegistry meters) {
    this.bus = bus;
    this.sent =
        Counter.builder("starling.live.batches")
            .description("Batches of events sent to holders of subscriptions")
            .register(meters);
    this.dropped =
        Counter.builder("starling.live.dropped")
            .description("Bytes not sent to holders that did not keep up")
            .baseUnit("bytes")
            .register(meters);
  }

  /** Takes all that a holder wants. */
  public RelayReply.InterestReply set(RelayRequest.SetInterest request) {
    table.set(request.holder(), request.version(), request.interests(), System.currentTimeMillis());
    return new RelayReply.InterestTaken(Map.of());
  }

  /** Takes a change of what a holder wants. */
  public RelayReply.InterestReply change(RelayRequest.ChangeInterest request) {
    boolean known =
        table.change(
            request.holder(),
            request.version(),
            request.added(),
            request.removed(),
            System.currentTimeMillis());
    return known ? new RelayReply.InterestTaken(Map.of()) : new RelayReply.InterestUnknown();
  }

  /**
   * Forgets holders that have not said anything for ten seconds: they repeat every two. To be
   * called every second.
   */
  public void forgetSilent() {
    long now = System.currentTimeMillis();
    if (now - sweptAtMillis > PAUSE_MILLIS) {
      // It is this node that was frozen, and heard nobody.
      table.heardAll(now);
    }
    sweptAtMillis = now;
    for (String holder : table.forgetSilentSince(now - SILENT_MILLIS)) {
      LOG.info("{} fell silent: its subscriptions are forgotten here", holder);
    }
  }

  /**
   * Sends the events of some journal records to those who want them. Completes, always with
   * success, when each has taken them or been given up.
   */
  public Future<Void> route(int shard, Iterable<Buffer> records) {
    if (table.isEmpty()) {
      return Future.succeededFuture();
    }
    var outgoing = new LinkedHashMap<String, Outgoing>();
    for (Buffer record : records) {
      for (var batch = EventBatch.of(record); batch.next(); ) {
        events++;
        if (table.wants(batch.account())) {
          collect(batch, outgoing);
        }
      }
    }
    var sent = new ArrayList<Future<?>>(outgoing.size());
    outgoing.forEach((holder, out) -> sent.add(send(shard, holder, out.bytes)));
    return Future.join(sent).<Void>mapEmpty().otherwiseEmpty();
  }

  private void collect(EventBatch batch, Map<String, Outgoing> outgoing) {
    table.match(
        batch.account(),
        batch.name(),
        holder -> {
          var out = outgoing.computeIfAbsent(holder, absent -> new Outgoing());
          // Several subscriptions of one holder may match: it gets the event once and fans out
          // itself.
          if (out.lastEvent != events) {
            out.lastEvent = events;
            batch.copyTo(out.bytes);
          }
        });
  }

  private Future<Void> send(int shard, String holder, Buffer events) {
    long waiting = underWay.getOrDefault(holder, 0L);
    if (waiting + events.length() > MAX_UNDER_WAY_BYTES) {
      dropped.increment(events.length());
      return Future.succeededFuture();
    }
    underWay.put(holder, waiting + events.length());
    sent.increment();
    return bus.deliver(
            new LiveMessage.LiveEvents(
                holder,
                shard,
                0,
                io.starling.contract.JournalPosition.START,
                io.starling.contract.JournalPosition.START,
                java.util.List.of(),
                events),
            TAKEN_LIMIT)
        .onComplete(
            taken ->
                underWay.computeIfPresent(
                    holder,
                    (same, bytes) -> bytes <= events.length() ? null : bytes - events.length()));
  }
}
