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
import io.starling.journal.Position;
import io.starling.relay.shard.Shard;
import io.starling.relay.share.SharedRouter;
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
  private final SharedRouter shared;
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
  public LiveRouter(Bus bus, SharedRouter shared, MeterRegistry meters) {
    this.bus = bus;
    this.shared = shared;
    shared.onLost(table::forget);
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
    var interests = request.interests();
    table.set(request.holder(), request.version(), interests, millis(), routed);
    if (table.version(request.holder()) == request.version()) {
      shared.set(request.holder(), interests);
    }
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
    if (known) {
      shared.change(request.holder(), request.added(), request.removed());
    }
    return known
        ? new RelayReply.InterestTaken(Map.copyOf(routed))
        : new RelayReply.InterestUnknown();
  }

  /** Takes what a holder has finished with. */
  public RelayReply.SharedReply done(RelayRequest.SharedDone request) {
    return shared.done(request);
  }

  /**
   * This node leads a shard: what is at this position or behind it will be routed.
   *
   * @param cursors of the shard
   * @return where to begin: what is before the position is for shared subscriptions alone
   */
  JournalPosition lead(int shard, JournalPosition from, Map<String, Position> cursors) {
    routed.put(shard, from);
    table.startAt(shard, from);
    return shared.states().lead(shard, from, cursors);
  }

  /** What is before this position will not be routed: who must not miss it sees the gap. */
  void skip(int shard, JournalPosition to) {
    routed.put(shard, to);
    table.startAt(shard, to);
    shared.states().skip(shard, to);
  }

  /** This node does not lead the shard any more. */
  void follow(int shard) {
    routed.remove(shard);
    shared.states().follow(shard);
  }

  /** The cursors by which a next leader of the shard goes on with shared subscriptions. */
  Map<String, JournalPosition> cursors(int shard) {
    return shared.states().cursors(shard);
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
      shared.forget(holder);
    }
    shared.sweep();
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
    // A new leader begins before that for shared subscriptions.
    boolean live = to.compareTo(routed.getOrDefault(shard, JournalPosition.START)) > 0;
    if (live) {
      routed.put(shard, to);
    }
    shared.states().routing(shard, to, !records.isEmpty());
    if (table.isEmpty() && shared.isEmpty()) {
      return Future.succeededFuture();
    }
    var outgoing = new LinkedHashMap<String, Outgoing>();
    for (var record : records) {
      var position = Shard.position(record.position());
      for (var batch = EventBatch.of(record.payload()); batch.next(); ) {
        events++;
        var account = batch.account();
        if (live && table.wants(account)) {
          collect(batch, outgoing);
        }
        if (shared.wants(account)) {
          shared.offer(shard, position, batch);
        }
      }
      outgoing.values().forEach(out -> out.recordEnds(position));
    }
    shared.flush();
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
    long version = table.version(holder, shard);
    var from = table.sending(holder, shard, to);
    return bus.deliver(
            new LiveMessage.LiveEvents(holder, shard, version, from, to, out.records, out.bytes),
            TAKEN_LIMIT)
        .onComplete(
            taken ->
                underWay.computeIfPresent(
                    holder, (same, before) -> before <= bytes ? null : before - bytes));
  }
}
