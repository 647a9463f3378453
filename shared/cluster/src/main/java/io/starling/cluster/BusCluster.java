package io.starling.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleListener;
import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Counter;
import io.vertx.core.shareddata.Lock;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the event bus asks of the cluster: who is in it, by Hazelcast, and who serves what, by the
 * word of each. In the place of vertx-hazelcast, which keeps the latter in partitions: there a
 * frozen member keeps a part of all addresses from being found until it is removed, and each
 * removal of a member has every address looked up anew. Here each process tells all others what it
 * serves: at each change, to each that comes, and again while somebody has not got it.
 *
 * <p>Shared maps, locks and counters are not offered (architecture, section 11). Thread-safe.
 */
final class BusCluster implements ClusterManager, MembershipListener, LifecycleListener {
  /** The executor by which notices travel. */
  static final String EXECUTOR = "starling.bus";

  private static final long REPEAT_MILLIS = 2_000;

  private static final long LOOK_MILLIS = 20;
  private static final long NEWCOMER_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final HazelcastInstance instance;
  private final Registrations registrations;
  private final Pulse pulse;
  private final Telling telling;

  private volatile boolean active;
  private volatile @Nullable Vertx vertx;
  private volatile @Nullable NodeListener nodes;
  private @Nullable UUID membership;
  private @Nullable UUID lifecycle;
  private long timer = -1;

  /** Over a member that has joined. */
  BusCluster(HazelcastInstance instance, Pulse pulse) {
    this.instance = instance;
    this.pulse = pulse;
    this.registrations = Registrations.of(instance);
    this.telling = new Telling(registrations, instance.getExecutorService(EXECUTOR), this::others);
  }

  @Override
  public void init(Vertx with) {
    vertx = with;
  }

  @Override
  public void join(Completable<Void> promise) {
    var on = Objects.requireNonNull(vertx);
    active = true;
    membership = instance.getCluster().addMembershipListener(this);
    lifecycle = instance.getLifecycleService().addLifecycleListener(this);
    timer = on.setPeriodic(REPEAT_MILLIS, _ -> repeat());
    on.<Void>executeBlocking(this::hearOthers, false).onComplete(promise);
  }

  /** A newcomer that knows of nobody would find nobody; a frozen member must not keep it out. */
  private @Nullable Void hearOthers() throws InterruptedException {
    long deadline = System.nanoTime() + NEWCOMER_NANOS;
    while (!registrations.knowsAll(others().stream().map(BusCluster::id).toList())
        && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return null;
  }

  @Override
  public void leave(Completable<Void> promise) {
    active = false;
    var on = vertx;
    if (on != null) {
      var _ = on.cancelTimer(timer);
    }
    if (membership != null && instance.getLifecycleService().isRunning()) {
      var _ = instance.getCluster().removeMembershipListener(membership);
    }
    if (lifecycle != null) {
      var _ = instance.getLifecycleService().removeLifecycleListener(lifecycle);
    }
    promise.succeed(null);
  }

  @Override
  public boolean isActive() {
    return active;
  }

  @Override
  public String getNodeId() {
    return registrations.self();
  }

  @Override
  public List<String> getNodes() {
    return members().stream().map(BusCluster::id).toList();
  }

  @Override
  public void nodeListener(NodeListener listener) {
    nodes = listener;
  }

  @Override
  public void setNodeInfo(NodeInfo info, Completable<Void> promise) {
    registrations.reachedAt(info);
    telling.tell(promise);
  }

  @Override
  public NodeInfo getNodeInfo() {
    return registrations.info().orElseThrow();
  }

  @Override
  public void getNodeInfo(String node, Completable<NodeInfo> promise) {
    registrations
        .info(node)
        .ifPresentOrElse(
            promise::succeed, () -> promise.fail("no member of the cluster is called " + node));
  }

  @Override
  public void registrationListener(RegistrationListener listener) {
    registrations.listen(listener);
  }

  /** Completes when all know, except those who do not answer. */
  @Override
  public void addRegistration(
      String address, RegistrationInfo registration, Completable<Void> promise) {
    registrations.add(address, registration);
    telling.tell(promise);
  }

  @Override
  public void removeRegistration(
      String address, RegistrationInfo registration, Completable<Void> promise) {
    registrations.remove(address, registration);
    telling.tell(promise);
  }

  @Override
  public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
    promise.succeed(registrations.find(address));
  }

  /** Who has missed something, and who is gone for good; of a merge Hazelcast tells not all. */
  private void repeat() {
    var members = Set.copyOf(getNodes());
    for (var node : registrations.nodes()) {
      if (members.contains(node)) {
        pulse.arrived(node);
      } else if (pulse.isLost(node)) {
        lost(node);
      } else {
        pulse.departed(node);
      }
    }
    telling.repeat();
  }

  private void lost(String node) {
    registrations.forget(node);
    var listener = nodes;
    if (listener != null) {
      listener.nodeLeft(node);
    }
  }

  private List<Member> others() {
    return members().stream().filter(member -> !member.localMember()).toList();
  }

  /** Those that are processes of ours, while there are any. */
  private List<Member> members() {
    try {
      return instance.getCluster().getMembers().stream()
          .filter(member -> member.getAttribute(MemberSettings.BUS_ID) != null)
          .toList();
    } catch (HazelcastInstanceNotActiveException _) {
      return List.of();
    }
  }

  private static String id(Member member) {
    return member.getAttribute(MemberSettings.BUS_ID);
  }

  @Override
  public void memberAdded(MembershipEvent event) {
    pulse.arrived(id(event.getMember()));
    telling.tell(event.getMember());
    var listener = nodes;
    if (listener != null) {
      listener.nodeAdded(id(event.getMember()));
    }
  }

  @Override
  public void memberRemoved(MembershipEvent event) {
    pulse.departed(id(event.getMember()));
  }

  /** Of a merge Hazelcast tells less than happened. */
  @Override
  public void stateChanged(LifecycleEvent event) {
    if (event.getState() == LifecycleEvent.LifecycleState.MERGED) {
      repeat();
    }
  }

  @Override
  public <K, V> void getAsyncMap(String name, Completable<AsyncMap<K, V>> promise) {
    promise.fail(notOffered());
  }

  @Override
  public <K, V> Map<K, V> getSyncMap(String name) {
    throw notOffered();
  }

  @Override
  public void getLockWithTimeout(String name, long timeout, Completable<Lock> promise) {
    promise.fail(notOffered());
  }

  @Override
  public void getCounter(String name, Completable<Counter> promise) {
    promise.fail(notOffered());
  }

  private static UnsupportedOperationException notOffered() {
    return new UnsupportedOperationException("maps, locks and counters of the cluster");
  }
}
