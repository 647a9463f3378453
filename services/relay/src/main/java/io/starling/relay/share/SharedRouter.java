package io.starling.relay.share;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.interest.CatchUp;
import io.starling.bootstrap.interest.JournalReader;
import io.starling.contract.AccountId;
import io.starling.contract.EventBatch;
import io.starling.contract.Interest;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.contract.SharedFilter;
import io.starling.contract.SubscriptionTree;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives committed events of the shards that this node leads to one member of each group that they
 * match. Belongs to the relay's event loop.
 */
public final class SharedRouter {
  /** So long a group that lost its last gateway is kept for members that come again elsewhere. */
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** So long a gateway that could not have an event comes behind the others. */
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Vertx vertx;
  private final JournalReader reader;
  private final int shards;
  private final Giving giving;
  private final ShardStates states;
  private final Map<String, Group> groups = new HashMap<>();
  private final Map<AccountId, SubscriptionTree<Group>> spaces = new HashMap<>();
  private final Map<String, Holder> holders = new HashMap<>();
  private final List<Group> matching = new ArrayList<>();
  private Consumer<String> onLost = _ -> {};
  private final Counter again;
  private final Counter dropped;
  private final Counter missed;

  /**
   * A router that knows of nobody.
   *
   * @param relay this node
   * @param shards of the region
   */
  public SharedRouter(
      Vertx vertx, Bus bus, JournalReader reader, String relay, int shards, MeterRegistry meters) {
    this.vertx = vertx;
    this.reader = reader;
    this.shards = shards;
    this.giving = new Giving(bus, relay, this::lost);
    this.states = new ShardStates(groups, giving, this::lane);
    this.again =
        Counter.builder("starling.shared.again")
            .description("Events of shared subscriptions that are given to another gateway")
            .register(meters);
    this.dropped =
        Counter.builder("starling.shared.dropped")
            .description("Events of shared subscriptions whose last member is gone")
            .register(meters);
    this.missed =
        Counter.builder("starling.shared.purged")
            .description("Times that a group missed what the journal no longer keeps")
            .register(meters);
    meters.gauge("starling.shared.open", giving, Giving::size);
    meters.gauge("starling.shared.groups", groups, Map::size);
  }

  /** Who is told of holders that do not take what they are sent: they are to tell anew. */
  public void onLost(Consumer<String> listener) {
    onLost = listener;
  }

  /** Takes all that a holder has a part in. */
  public void set(String name, List<Interest> interests) {
    var known = holders.get(name);
    var gone = new LinkedHashSet<>(known == null ? List.<Group>of() : known.seats().keySet());
    interests.forEach(interest -> sit(name, interest, true).ifPresent(group -> gone.remove(group)));
    leave(name, gone, false);
  }

  /** Takes a change of what a holder has a part in. */
  public void change(String name, List<Interest> added, List<Interest> removed) {
    var gone = new LinkedHashSet<Group>();
    for (var interest : removed) {
      var group = interest.share() == null ? null : groups.get(key(interest));
      if (group != null) {
        gone.add(group);
      }
    }
    added.forEach(interest -> sit(name, interest, false).ifPresent(group -> gone.remove(group)));
    leave(name, gone, false);
  }

  /** A holder is silent: what it has goes to others. */
  public void forget(String name) {
    var holder = holders.get(name);
    if (holder != null) {
      leave(name, List.copyOf(holder.seats().keySet()), true);
    }
  }

  private void lost(Holder holder) {
    if (holders.get(holder.name()) == holder) {
      onLost.accept(holder.name());
      forget(holder.name());
    }
  }

  private Optional<Group> sit(String name, Interest interest, boolean mayBeOld) {
    var share = interest.share();
    var filter = SharedFilter.parse(interest.text());
    if (share == null || filter.isEmpty()) {
      return Optional.empty();
    }
    var known = groups.get(key(interest));
    var group = known == null ? make(interest.account(), filter.get(), mayBeOld) : known;
    group.sit(holders.computeIfAbsent(name, Holder::new), share);
    group.pump(System.nanoTime());
    giving.flush();
    return Optional.of(group);
  }

  private static String key(Interest interest) {
    return interest.account() + ":" + interest.text();
  }

  private Group make(AccountId account, SharedFilter filter, boolean mayBeOld) {
    var group = new Group(account, filter, giving);
    groups.put(Starts.key(account, filter), group);
    var _ =
        spaces.computeIfAbsent(account, _ -> new SubscriptionTree<>()).add(filter.filter(), group);
    states.begin(group, mayBeOld);
    return group;
  }

  private void leave(String name, Iterable<Group> gone, boolean silent) {
    var holder = holders.get(name);
    if (holder == null) {
      return;
    }
    long now = System.nanoTime();
    for (var group : gone) {
      var seat = holder.seats().get(group);
      again.increment(seat == null ? 0 : seat.open().size());
      group.leave(holder);
      if (!group.isEmpty()) {
        group.pump(now);
      } else if (silent) {
        group.endAt(now + LINGER_NANOS);
      } else {
        end(group);
      }
    }
    if (holder.seats().isEmpty()) {
      holders.remove(name);
    }
    giving.flush();
  }

  private void end(Group group) {
    dropped.increment(group.close());
    groups.remove(Starts.key(group.account(), group.filter()));
    var space = spaces.get(group.account());
    if (space != null) {
      var _ = space.remove(group.filter().filter(), group);
      if (space.isEmpty()) {
        spaces.remove(group.account());
      }
    }
  }

  /** A holder has finished with events, or cannot have them. */
  public RelayReply.SharedReply done(RelayRequest.SharedDone request) {
    long now = System.nanoTime();
    var touched = new LinkedHashSet<Group>();
    for (long id : request.done()) {
      var over = giving.over(id, request.holder());
      if (over != null) {
        touched.add(over.group());
      }
    }
    var back = new HashMap<Group, List<Item>>();
    for (long id : request.back()) {
      var over = giving.over(id, request.holder());
      if (over != null) {
        over.seat().rest(now + REST_NANOS);
        back.computeIfAbsent(over.group(), _ -> new ArrayList<>()).add(over.item());
        again.increment();
      }
    }
    back.forEach(Group::goBack);
    touched.addAll(back.keySet());
    touched.forEach(group -> group.pump(now));
    giving.flush();
    return new RelayReply.SharedNoted();
  }

  /** Tells whether there is any group. */
  public boolean isEmpty() {
    return groups.isEmpty();
  }

  /** Tells whether there is any group of an account. */
  public boolean wants(AccountId account) {
    return spaces.containsKey(account);
  }

  /** The event at hand of a record is routed; {@link #flush} sends it. */
  public void offer(int shard, JournalPosition position, EventBatch batch) {
    var space = spaces.get(batch.account());
    if (space == null) {
      return;
    }
    matching.clear();
    space.match(batch.name(), matching::add);
    long now = System.nanoTime();
    for (var group : matching) {
      lane(group, shard).live(position, batch, now);
    }
  }

  private Lane lane(Group group, int shard) {
    return group.lane(
        shard,
        _ -> new Lane(group, shard, giving, lane -> catchUp(group, lane), missed::increment));
  }

  private CatchUp catchUp(Group group, CatchUp.Follower lane) {
    return new CatchUp(vertx, reader, group.account(), shards, states::routed, lane);
  }

  /** Sends what was given. */
  public void flush() {
    giving.flush();
  }

  /** This is to be called every second. */
  public void sweep() {
    long now = System.nanoTime();
    for (var group : List.copyOf(groups.values())) {
      if (group.isOver(now)) {
        end(group);
      } else {
        group.pump(now);
      }
    }
    giving.flush();
  }

  /** Tells whether a cursor of a shard is of shared subscriptions. */
  public static boolean isCursor(String name) {
    return Starts.isCursor(name);
  }

  /** What becomes of each shard. */
  public ShardStates states() {
    return states;
  }

  @Nullable Group find(AccountId account, String text) {
    return groups.get(account + ":" + text);
  }
}
