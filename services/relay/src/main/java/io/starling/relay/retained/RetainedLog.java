package io.starling.relay.retained;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.contract.AccountId;
import io.starling.contract.BusMessage;
import io.starling.contract.RelayReply;
import io.starling.contract.RetainedReply;
import io.starling.contract.RetainedRequest;
import io.starling.contract.TopicFilter;
import io.starling.journal.JournalException;
import io.starling.journal.JournalLog;
import io.starling.journal.Leadership;
import io.starling.journal.LogConfig;
import io.starling.relay.shard.Shard;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The log of retained messages as the bus sees it: answered by its leader. Belongs to the relay's
 * event loop.
 */
public final class RetainedLog {
  /** The log's name in the journal. */
  public static final String NAME = "retained";

  private static final int MAX_PAGE_BYTES = 256 << 10;

  /** So many topics are looked at for one answer: a millisecond or two of the event loop. */
  private static final int MAX_LOOKED_AT = 5_000;

  /** So many that have expired go with one record. */
  private static final int MAX_DROPPED = 1_000;

  /** Some milliseconds of the event loop: with more the next turn goes on from there. */
  private static final int MAX_LOOKED_AT_A_TURN = 20_000;

  private final RetainedState state;
  private final JournalLog log;
  private final InstantSource clock;
  private final RetainedLimits limits;
  private Iterator<Map.Entry<AccountId, RetainedSpace>> place = Collections.emptyIterator();
  private boolean dropping;

  private RetainedLog(
      RetainedState state, JournalLog log, InstantSource clock, RetainedLimits limits) {
    this.state = state;
    this.log = log;
    this.clock = clock;
    this.limits = limits;
  }

  /** The log's state and, once the journal is open, its service. */
  public static final class Opening {
    private final RetainedState state = new RetainedState();

    /** What the journal needs to host the log. */
    public LogConfig config() {
      return new LogConfig(NAME, () -> state);
    }

    /** The service over the opened log. */
    public RetainedLog over(JournalLog log, InstantSource clock, MeterRegistry meters) {
      return over(log, clock, meters, RetainedLimits.DEFAULT);
    }

    RetainedLog over(
        JournalLog log, InstantSource clock, MeterRegistry meters, RetainedLimits limits) {
      Gauge.builder("starling.relay.retained", state, RetainedState::size)
          .description("Retained messages kept in the region")
          .register(meters);
      return new RetainedLog(state, log, clock, limits);
    }
  }

  /** How many messages are kept, as far as this replica knows. */
  public int size() {
    return state.size();
  }

  /** What they take of the heap, about, as far as this replica knows. */
  public long bytes() {
    return state.bytes();
  }

  /** Answers whatever is asked of the log. */
  public Future<? extends BusMessage> answer(RetainedRequest request) {
    return switch (request) {
      case RetainedRequest.Keep keep -> keep(keep.events());
      case RetainedRequest.Find find ->
          Future.succeededFuture(leads() ? find(find) : new RetainedReply.NotLeader());
    };
  }

  private boolean leads() {
    return log.leadership() instanceof Leadership.Leading;
  }

  private Future<RelayReply.AppendReply> keep(Buffer events) {
    if (!leads()) {
      return Future.succeededFuture(new RelayReply.NotLeader(null));
    }
    var full = limits.full(events, state);
    var kept = RetainedLimits.without(full, events);
    if (kept.length() == 0) {
      return Future.succeededFuture(new RelayReply.Kept(full));
    }
    return log.append(new RetainedRecord.Keep(kept).encode())
        .<RelayReply.AppendReply>map(_ -> new RelayReply.Kept(full))
        .recover(Shard::refusal);
  }

  private RetainedReply find(RetainedRequest.Find request) {
    var found = Buffer.buffer();
    var space = state.find(request.account());
    if (space == null) {
      return new RetainedReply.Found(found, null);
    }
    var filter = new TopicFilter(request.filter());
    String prefix = prefix(request.filter());
    boolean exact = prefix.equals(request.filter());
    int most = Math.min(request.maxBytes(), MAX_PAGE_BYTES);
    long now = clock.millis();
    int looked = 0;
    String last = request.after();
    var rest =
        last.compareTo(prefix) < 0
            ? space.topics().tailMap(prefix, true)
            : space.topics().tailMap(last, false);
    for (var entry : rest.entrySet()) {
      if (!entry.getKey().startsWith(prefix) || (exact && !entry.getKey().equals(prefix))) {
        break;
      }
      if (found.length() >= most || looked++ >= MAX_LOOKED_AT) {
        return new RetainedReply.Found(found, last);
      }
      last = entry.getKey();
      if (filter.matches(last) && !entry.getValue().hasExpired(now)) {
        found.appendBuffer(entry.getValue().bytes());
      }
    }
    return new RetainedReply.Found(found, null);
  }

  /** What all topics that match begin with: the parent level of {@code /#} matches as well. */
  private static String prefix(String filter) {
    int plus = filter.indexOf('+');
    int hash = filter.indexOf('#');
    if (plus >= 0) {
      return filter.substring(0, plus);
    }
    return hash < 0 ? filter : filter.substring(0, Math.max(0, hash - 1));
  }

  /**
   * Lets go of what has expired, at most a thousand messages; to be called every ten seconds on
   * every node. Does nothing unless this node leads.
   *
   * @return completes when it is on disk with how many that were; what could not be written is
   *     tried again in the next turn
   */
  public Future<Integer> turn() {
    var expired = dropping || !leads() ? List.<RetainedRecord.Expired>of() : expired();
    if (expired.isEmpty()) {
      return Future.succeededFuture(0);
    }
    dropping = true;
    return log.append(new RetainedRecord.Drop(expired).encode())
        .map(_ -> expired.size())
        .recover(
            cause ->
                cause instanceof JournalException
                    ? Future.succeededFuture(0)
                    : Future.failedFuture(cause))
        .onComplete(_ -> dropping = false);
  }

  private List<RetainedRecord.Expired> expired() {
    long now = clock.millis();
    var expired = new ArrayList<RetainedRecord.Expired>();
    int looked = 0;
    if (!place.hasNext()) {
      place = state.spaces().entrySet().iterator();
    }
    while (place.hasNext() && looked < MAX_LOOKED_AT_A_TURN && expired.size() < MAX_DROPPED) {
      var space = place.next();
      looked += space.getValue().size();
      space.getValue().topics().entrySet().stream()
          .filter(topic -> topic.getValue().hasExpired(now))
          .limit(MAX_DROPPED)
          .map(topic -> expired(space.getKey(), topic))
          .forEach(expired::add);
    }
    return expired;
  }

  private static RetainedRecord.Expired expired(
      AccountId account, Map.Entry<String, RetainedMessage> topic) {
    return new RetainedRecord.Expired(account, topic.getKey(), topic.getValue().id());
  }
}
