package io.starling.relay.route;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.EventBatch;
import io.starling.contract.JournalPosition;
import io.starling.contract.LiveMessage;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.journal.JournalRecord;
import io.starling.relay.shard.Shard;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends committed events to the holders of matching subscriptions: once to each holder, in the
 * order of the shard. Each message begins where the last one to that holder ended; one that could
 * not be sent, because the holder does not keep up, shows as a gap that the holder reads for
 * itself. Belongs to the relay's event loop.
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

  /** Up to where each shard that this node leads has been looked at. */
  private final Map<Integer, JournalPosition> routed = new HashMap<>();

  private long events;
  private long sweptAtMillis;
  private final Counter sent;
  private final Counter dropped;

  private static final class Outgoing {
    final Buffer bytes = Buffer.buffer();
    final List<RelayReply.RecordAt> records = new ArrayList<>();
    long lastEvent = -1;
    int recordStart;

    void recordEnds(JournalPosition position) {
      if (bytes.length() > recordStart) {
        records.add(new RelayReply.RecordAt(position, bytes.length() - recordStart));
        recordStart = bytes.length();
      }
    }
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
            .description("Bytes not sent to holders that did not keep up, which read them later")
            .baseUnit("bytes")
            .register(meters);
  }

  /** For durations only: the wall clock may be set. */
  private static long millis() {
    return System.nanoTime() / 1_000_000;
  }

  /** Takes all that a holder wants. */
  public RelayReply.InterestReply set(RelayRequest.SetInterest request) {
    table.set(request.holder(), request.version(), request.interests(), millis(), routed);
    return new RelayReply.InterestTaken(Map.copyOf(routed));
  }

  /** Takes a change of what a holder wants. */
  public RelayReply.InterestReply change(RelayRequest.ChangeInterest request) {
    boolean known =
        table.change(
            request.holder(),
            request.version(),
            request.added(),
            request.removed(),
            millis(),
            routed);
    return known
        ? new RelayReply.InterestTaken(Map.copyOf(routed))
        : new RelayReply.InterestUnknown();
  }

  /** This node leads a shard: what is at this position or behind it will be routed. */
  void lead(int shard, JournalPosition from) {
    routed.put(shard, from);
    table.startAt(shard, from);
  }

  /** This node does not lead the shard any more. */
  void follow(int shard) {
    routed.remove(shard);
  }

  /**
   * Forgets holders that have not said anything for ten seconds: they repeat every two. Tells the
   * others how far the shards are. To be called every second.
   */
  public void sweep() {
    long now = millis();
    if (now - sweptAtMillis > PAUSE_MILLIS) {
      // It is this node that was frozen, and heard nobody.
      table.heardAll(now);
    }
    sweptAtMillis = now;
    for (String holder : table.forgetSilentSince(now - SILENT_MILLIS)) {
      LOG.info("{} fell silent: its subscriptions are forgotten here", holder);
    }
    routed.forEach(
        (shard, to) ->
            table.behind(
                shard,
                to,
                holder -> {
                  var _ = send(shard, to, holder, new Outgoing());
                }));
  }

  /**
   * Sends the events of some journal records to those who want them. Completes, always with
   * success, when each has taken them or been given up.
   *
   * @param to the position behind the records
   */
  Future<Void> route(int shard, JournalPosition to, List<JournalRecord> records) {
    routed.put(shard, to);
    if (table.isEmpty()) {
      return Future.succeededFuture();
    }
    var outgoing = new LinkedHashMap<String, Outgoing>();
    for (var record : records) {
      for (var batch = EventBatch.of(record.payload()); batch.next(); ) {
        events++;
        if (table.wants(batch.account())) {
          collect(batch, outgoing);
        }
      }
      var position = Shard.position(record.position());
      outgoing.values().forEach(out -> out.recordEnds(position));
    }
    var sent = new ArrayList<Future<?>>(outgoing.size());
    outgoing.forEach((holder, out) -> sent.add(send(shard, to, holder, out)));
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

  private Future<Void> send(int shard, JournalPosition to, String holder, Outgoing out) {
    int bytes = out.bytes.length();
    long waiting = underWay.getOrDefault(holder, 0L);
    if (waiting + bytes > MAX_UNDER_WAY_BYTES) {
      dropped.increment(bytes);
      return Future.succeededFuture();
    }
    underWay.put(holder, waiting + bytes);
    sent.increment();
    var from = table.sending(holder, shard, to);
    return bus.deliver(
            new LiveMessage.LiveEvents(
                holder, shard, table.version(holder), from, to, out.records, out.bytes),
            TAKEN_LIMIT)
        .onComplete(
            taken ->
                underWay.computeIfPresent(
                    holder, (same, before) -> before <= bytes ? null : before - bytes));
  }
}
