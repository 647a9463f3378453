package io.starling.connection.delivery;

import io.starling.bootstrap.interest.CatchUp;
import io.starling.bootstrap.interest.JournalReader;
import io.starling.connection.delivery.Waiting.Copy;
import io.starling.connection.mqtt.Message;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
  private final Redelivery redelivery;

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
    this.redelivery = new Redelivery(outbox, shards);
    this.catchUp =
        new CatchUp(
            vertx, reader, subscriber.account(), shards, subscriptions::at, new PageReader());
    outbox.onRoom(catchUp::pull);
    subscriber.keepTo(this);
  }

  /**
   * The session goes on from these positions, one for each shard.
   *
   * @param progress what was sent behind them over its former connection
   */
  public void resume(List<JournalPosition> positions, Progress progress) {
    redelivery.begin(progress);
    for (int shard = 0; shard < Math.min(positions.size(), taken.length); shard++) {
      catchUp.from(shard, positions.get(shard));
    }
  }

  /** Something that matches has come to the gateway. */
  void live(Message message, int flags, int[] identifiers, Place place) {
    if (catchUp.isBehind(place.shard())) {
      // It will be read in its turn.
      return;
    }
    if (Message.qos(flags) == 0) {
      outbox.deliver(message, flags, identifiers);
      return;
    }
    int before = place.equals(last) ? lastTaken : 0;
    if (outbox.offer(new Copy(message, flags, identifiers, place, before))) {
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
      var shares = subscriber.sharedFilters();
      var own = subscriber.acknowledgedFilters();
      return shares == null || !redelivery.isOpen()
          ? own
          : Stream.concat(own.stream(), shares.filters().stream()).toList();
    }

    @Override
    public boolean hasRoom() {
      // What is in flight already needs no room, but has to be read.
      return outbox.hasRoom() || redelivery.isOpen();
    }

    @Override
    public void take(int shard, JournalPosition from, RelayReply.Records page) {
      var batch = EventBatch.of(page.events());
      int end = 0;
      for (var record : page.positions()) {
        var place = new Place(shard, record.position());
        int skip = record.position().equals(from) ? taken[shard] : 0;
        int ordinal = 0;
        end += record.bytes();
        while (batch.end() < end && batch.next()) {
          var event = batch.event();
          if (subscriber.wantsAcknowledged(event) && ordinal++ >= skip) {
            Backlog.this.take(event, place, ordinal - 1);
          }
          repeat(event, place);
        }
      }
      taken[shard] = 0;
      redelivery.read(shard, page.next());
    }

    private void repeat(Event event, Place place) {
      var shares = subscriber.sharedFilters();
      if (shares != null && redelivery.isOpen()) {
        shares.repeat(event, place, redelivery);
      }
    }

    @Override
    public void missed() {
      meters.purged().increment();
    }
  }

  private void take(Event event, Place place, int ordinal) {
    meters.readBack().increment();
    var message = Message.of(event);
    var copy = new Copy(message, subscriber.flags(event), subscriber.identifiers(), place, ordinal);
    if (!redelivery.took(copy, place)) {
      outbox.take(copy);
    }
  }

  /** Tells whether nothing is owed to the client that its gateway has. */
  public boolean isLive() {
    if (catchUp.isLevel() && redelivery.isOpen()) {
      redelivery.end();
    }
    return catchUp.isLevel() && outbox.isIdle();
  }

  /** What was sent to the client beyond {@link #positions}; nothing if it is not known. */
  public Progress progress() {
    var sent = new ArrayList<Progress.Sent>();
    outbox
        .inFlight()
        .forEach(
            (packetId, stage, source) -> {
              boolean isOfShard = source != null && source.shard() < taken.length;
              if (isOfShard || stage == InFlight.Stage.PUBCOMP) {
                sent.add(new Progress.Sent(packetId, stage, source));
              }
            });
    var next = new ArrayList<Progress.Next>();
    for (int shard = 0; shard < taken.length; shard++) {
      var waiting = outbox.firstWaiting(shard);
      var at = catchUp.at(shard);
      if (waiting != null && waiting.place() != null) {
        next.add(new Progress.Next(shard, waiting.place().position(), waiting.ordinal()));
      } else if (at.isPresent()) {
        next.add(new Progress.Next(shard, at.get(), taken[shard]));
      } else {
        return Progress.none();
      }
    }
    return new Progress(sent, next);
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
