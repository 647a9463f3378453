package io.starling.connection.delivery;

import io.starling.bootstrap.interest.JournalReader;
import io.starling.connection.mqtt.Message;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a persistent session stands in each shard. In each it is either live, and gets what its
 * gateway gets, or behind: then it reads the journal by itself, page by page as its client takes
 * them, until it has come up to its gateway. Belongs to one event loop.
 */
public final class Backlog {
  private static final long PAUSE_MILLIS = 200;

  private final Vertx vertx;
  private final JournalReader reader;
  private final Subscriptions subscriptions;
  private final Subscriber subscriber;
  private final Outbox outbox;
  private final DeliveryMeters meters;
  private final @Nullable Behind[] behind;

  /** The last record of which something was taken live, and how much. */
  private @Nullable Place last;

  private int lastTaken;
  private boolean closed;

  /** A shard that this session reads by itself. */
  private static final class Behind {
    final int shard;
    JournalPosition next;

    /** Of the first record so many were taken already. */
    int taken;

    boolean asking;

    Behind(int shard, JournalPosition next, int taken) {
      this.shard = shard;
      this.next = next;
      this.taken = taken;
    }
  }

  /**
   * The backlog of one connection, live in all shards.
   *
   * @param shards of the region
   */
  public Backlog(
      Vertx vertx,
      JournalReader reader,
      Subscriptions subscriptions,
      Subscriber subscriber,
      Outbox outbox,
      DeliveryMeters meters,
      int shards) {
    this.vertx = vertx;
    this.reader = reader;
    this.subscriptions = subscriptions;
    this.subscriber = subscriber;
    this.outbox = outbox;
    this.meters = meters;
    this.behind = new Behind[shards];
    outbox.onRoom(this::pull);
    subscriber.keepTo(this);
  }

  /** The session goes on from these positions, one for each shard. */
  public void resume(List<JournalPosition> positions) {
    for (int shard = 0; shard < Math.min(positions.size(), behind.length); shard++) {
      behind[shard] = new Behind(shard, positions.get(shard), 0);
    }
  }

  /** Something that matches has come to the gateway. */
  void live(Message message, int qos, Place place) {
    if (behind[place.shard()] != null) {
      // It will be read in its turn.
      return;
    }
    if (qos == 0) {
      outbox.deliver(message, 0);
      return;
    }
    int taken = place.equals(last) ? lastTaken : 0;
    if (outbox.offer(message, place)) {
      last = place;
      lastTaken = taken + 1;
    } else {
      behind[place.shard()] = new Behind(place.shard(), place.position(), taken);
      meters.fellBehind().increment();
    }
  }

  /** Reads on where there is something to read, and room for it. */
  public void pull() {
    for (var shard : behind) {
      if (shard != null && !shard.asking && !closed && outbox.hasRoom()) {
        pull(shard);
      }
    }
  }

  private void pull(Behind shard) {
    var until = subscriptions.at(shard.shard);
    var filters = subscriber.acknowledgedFilters();
    if (until.isPresent() && (filters.isEmpty() || isLevel(shard, until.get()))) {
      behind[shard.shard] = null;
      return;
    }
    shard.asking = true;
    if (until.isEmpty()) {
      later(shard);
      return;
    }
    reader
        .read(shard.shard, subscriber.account(), filters, shard.next, until.get())
        .onSuccess(reply -> answered(shard, reply))
        .onFailure(_ -> later(shard));
  }

  private static boolean isLevel(Behind shard, JournalPosition gateway) {
    return shard.next.compareTo(gateway) >= 0;
  }

  private void later(Behind shard) {
    var _ =
        vertx.setTimer(
            PAUSE_MILLIS,
            _ -> {
              shard.asking = false;
              pull();
            });
  }

  private void answered(Behind shard, RelayReply.ReadReply reply) {
    if (closed) {
      return;
    }
    switch (reply) {
      case RelayReply.NotLeader _ -> later(shard);
      case RelayReply.Purged(var first) -> {
        meters.purged().increment();
        advance(shard, first);
      }
      case RelayReply.Records(var records, var events, var next) -> {
        take(shard, records, EventBatch.of(events));
        advance(shard, next);
      }
    }
  }

  private void advance(Behind shard, JournalPosition next) {
    if (next.compareTo(shard.next) <= 0) {
      // A leader that has not applied yet what another one has committed.
      later(shard);
      return;
    }
    shard.next = next;
    shard.asking = false;
    pull();
  }

  private void take(Behind shard, List<RelayReply.RecordAt> records, EventBatch batch) {
    int end = 0;
    for (var record : records) {
      var place = new Place(shard.shard, record.position());
      int skip = record.position().equals(shard.next) ? shard.taken : 0;
      end += record.bytes();
      while (batch.end() < end && batch.next()) {
        var event = batch.event();
        if (subscriber.wantsAcknowledged(event) && skip-- <= 0) {
          take(event, place);
        }
      }
    }
    shard.taken = 0;
  }

  private void take(Event event, Place place) {
    meters.readBack().increment();
    outbox.take(Subscriptions.message(event), place);
  }

  /** Tells whether nothing is owed to the client that its gateway has. */
  public boolean isLive() {
    for (var shard : behind) {
      if (shard != null) {
        return false;
      }
    }
    return outbox.isIdle();
  }

  /**
   * Where the session stands in each shard: everything before is acknowledged by the client, or
   * does not concern it. Empty while it is not known where the gateway stands.
   */
  public Optional<List<JournalPosition>> positions() {
    var positions = new ArrayList<JournalPosition>(behind.length);
    for (int shard = 0; shard < behind.length; shard++) {
      var oldest = outbox.oldest(shard);
      var own = behind[shard];
      if (oldest != null) {
        positions.add(oldest);
      } else if (own != null) {
        positions.add(own.next);
      } else {
        var gateway = subscriptions.at(shard);
        if (gateway.isEmpty()) {
          return Optional.empty();
        }
        positions.add(gateway.get());
      }
    }
    return Optional.of(positions);
  }

  /** The connection is over. */
  public void close() {
    closed = true;
  }
}
