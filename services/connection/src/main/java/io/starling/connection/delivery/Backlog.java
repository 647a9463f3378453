package io.starling.connection.delivery;

import io.starling.bootstrap.interest.CatchUp;
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
  private final Subscriber subscriber;
  private final Outbox outbox;
  private final DeliveryMeters meters;
  private final CatchUp catchUp;

  /** By shard: of the record that the session reads next so many events were taken live already. */
  private final int[] taken;

  /** The last record of which something was taken live, and how much. */
  private @Nullable Place last;

  private int lastTaken;

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
    this.subscriber = subscriber;
    this.outbox = outbox;
    this.meters = meters;
    this.taken = new int[shards];
    this.catchUp =
        new CatchUp(
            vertx, reader, subscriber.account(), shards, subscriptions::at, new PageReader());
    outbox.onRoom(catchUp::pull);
    subscriber.keepTo(this);
  }

  /** The session goes on from these positions, one for each shard. */
  public void resume(List<JournalPosition> positions) {
    for (int shard = 0; shard < Math.min(positions.size(), taken.length); shard++) {
      catchUp.from(shard, positions.get(shard));
    }
  }

  /** Something that matches has come to the gateway. */
  void live(Message message, int qos, Place place) {
    if (catchUp.isBehind(place.shard())) {
      // It will be read in its turn.
      return;
    }
    if (qos == 0) {
      outbox.deliver(message, 0);
      return;
    }
    int before = place.equals(last) ? lastTaken : 0;
    if (outbox.offer(message, place)) {
      last = place;
      lastTaken = before + 1;
    } else {
      taken[place.shard()] = before;
      catchUp.from(place.shard(), place.position());
      meters.fellBehind().increment();
    }
  }

  /** Reads on where there is something to read, and room for it. */
  public void pull() {
    catchUp.pull();
  }

  private final class PageReader implements CatchUp.Follower {
    @Override
    public List<String> filters() {
      return subscriber.acknowledgedFilters();
    }

    @Override
    public boolean hasRoom() {
      return outbox.hasRoom();
    }

    @Override
    public void take(int shard, JournalPosition from, RelayReply.Records page) {
      var batch = EventBatch.of(page.events());
      int end = 0;
      for (var record : page.positions()) {
        var place = new Place(shard, record.position());
        int skip = record.position().equals(from) ? taken[shard] : 0;
        end += record.bytes();
        while (batch.end() < end && batch.next()) {
          var event = batch.event();
          if (subscriber.wantsAcknowledged(event) && skip-- <= 0) {
            Backlog.this.take(event, place);
          }
        }
      }
      taken[shard] = 0;
    }

    @Override
    public void missed() {
      meters.purged().increment();
    }
  }

  private void take(Event event, Place place) {
    meters.readBack().increment();
    outbox.take(Subscriptions.message(event), place);
  }

  /** Tells whether nothing is owed to the client that its gateway has. */
  public boolean isLive() {
    return catchUp.isLevel() && outbox.isIdle();
  }

  /**
   * Where the session stands in each shard: everything before is acknowledged by the client, or
   * does not concern it. Empty while it is not known where the gateway stands.
   */
  public Optional<List<JournalPosition>> positions() {
    var positions = new ArrayList<JournalPosition>(taken.length);
    for (int shard = 0; shard < taken.length; shard++) {
      var oldest = outbox.oldest(shard);
      var at = oldest == null ? catchUp.at(shard) : Optional.of(oldest);
      if (at.isEmpty()) {
        return Optional.empty();
      }
      positions.add(at.get());
    }
    return Optional.of(positions);
  }

  /** The connection is over. */
  public void close() {
    catchUp.close();
  }
}
