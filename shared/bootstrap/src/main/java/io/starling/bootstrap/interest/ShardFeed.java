package io.starling.bootstrap.interest;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.JournalPosition;
import io.starling.contract.LiveMessage;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One shard's part of a {@link LiveFeed}. Belongs to one event loop. */
final class ShardFeed {
  private static final Logger LOG = LoggerFactory.getLogger(ShardFeed.class);
  private static final Duration READ_LIMIT = Duration.ofSeconds(2);
  private static final Duration KNOWN_LIMIT = Duration.ofSeconds(4);
  private static final int PAGE_BYTES = 512 << 10;
  private static final long PAUSE_MILLIS = 100;

  private final Vertx vertx;
  private final Bus bus;
  private final ShardLeaders leaders;
  private final int shard;
  private final Consumer<LiveEntries> sink;
  private Promise<Void> known = Promise.promise();

  /** Everything before it was handed over. */
  private @Nullable JournalPosition at;

  /** Behind {@link #at}: up to here the relay has sent something, but not all of it came. */
  private @Nullable JournalPosition gapEnd;

  /** What was routed by older interests may lack something. */
  private long leastVersion;

  private int life;

  ShardFeed(Vertx vertx, Bus bus, ShardLeaders leaders, int shard, Consumer<LiveEntries> sink) {
    this.vertx = vertx;
    this.bus = bus;
    this.leaders = leaders;
    this.shard = shard;
    this.sink = sink;
  }

  Optional<JournalPosition> at() {
    return Optional.ofNullable(at);
  }

  /** Nothing is asked for any more, or not yet: what comes next may begin anywhere. */
  void forget() {
    life++;
    at = null;
    gapEnd = null;
    if (known.future().isComplete()) {
      known = Promise.promise();
    }
  }

  void mustHave(long version) {
    leastVersion = version;
  }

  /** Completes once it is known where this is; fails if that takes too long. */
  Future<Void> known() {
    return at != null
        ? Future.succeededFuture()
        : known.future().timeout(KNOWN_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A relay sends what is asked for from this position on. */
  void covered(JournalPosition from) {
    if (at == null) {
      at = from;
      known.tryComplete();
    }
  }

  void received(LiveMessage.LiveEvents message) {
    covered(message.from());
    var here = here();
    if (gapEnd != null) {
      gapEnd = later(gapEnd, message.to());
    } else if (message.from().compareTo(here) > 0
        || (message.version() < leastVersion && message.to().compareTo(here) > 0)) {
      gapEnd = message.to();
      read();
    } else {
      take(new LiveEntries(shard, message.records(), message.events(), message.to()).from(here));
    }
  }

  private JournalPosition here() {
    return at == null ? JournalPosition.START : at;
  }

  private static JournalPosition later(JournalPosition one, JournalPosition other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private void take(LiveEntries entries) {
    at = later(here(), entries.to());
    if (!entries.records().isEmpty()) {
      sink.accept(entries);
    }
  }

  /** Reads what did not come, until nothing is between. */
  private void read() {
    int since = life;
    var leader = leaders.find(shard);
    if (leader.isEmpty()) {
      again(since);
      return;
    }
    bus.ask(new RelayRequest.Read(leader.get(), shard, here(), PAGE_BYTES, 0), READ_LIMIT)
        .onSuccess(
            reply -> {
              if (since == life) {
                answered(reply);
              }
            })
        .onFailure(_ -> again(since));
  }

  private void again(int since) {
    vertx.setTimer(
        PAUSE_MILLIS,
        _ -> {
          if (since == life) {
            read();
          }
        });
  }

  private void answered(RelayReply.ReadReply reply) {
    switch (reply) {
      case RelayReply.NotLeader _ -> again(life);
      case RelayReply.Purged(var first) -> {
        LOG.warn("Live events of shard {} from {} to {} are no longer kept", shard, at, first);
        at = later(here(), first);
        goOn();
      }
      case RelayReply.Records(var records, var events, var next) -> {
        boolean still = next.compareTo(here()) <= 0;
        var end = gapEnd == null ? next : gapEnd;
        take(new LiveEntries(shard, records, events, next).from(here()).until(end));
        if (still) {
          // A leader that has not applied yet what another one has committed.
          again(life);
        } else {
          goOn();
        }
      }
    }
  }

  private void goOn() {
    if (gapEnd == null || here().compareTo(gapEnd) >= 0) {
      gapEnd = null;
    } else {
      read();
    }
  }
}
