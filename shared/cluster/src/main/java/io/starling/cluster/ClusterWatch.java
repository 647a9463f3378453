package io.starling.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleListener;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.health.Health;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in the cluster, as this process sees it, and what has happened to it. Thread-safe; {@link
 * #health} never blocks.
 */
final class ClusterWatch implements MembershipListener, LifecycleListener {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
  private static final long LOOK_MILLIS = 2_000;

  private final ClusterConfig config;
  private final HazelcastInstance instance;
  private final Pulse pulse;
  private final AtomicLong joined = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong merges = new AtomicLong();
  private final AtomicLong failedMerges = new AtomicLong();
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile boolean safe = true;

  private ClusterWatch(ClusterConfig config, HazelcastInstance instance, Pulse pulse) {
    this.config = config;
    this.instance = instance;
    this.pulse = pulse;
  }

  /** Watches as long as the cluster is joined; whether its data is safe is looked up every 2 s. */
  static ClusterWatch over(
      ClusterConfig config, HazelcastInstance instance, Vertx vertx, Pulse pulse) {
    var watch = new ClusterWatch(config, instance, pulse);
    var _ = instance.getCluster().addMembershipListener(watch);
    var _ = instance.getLifecycleService().addLifecycleListener(watch);
    var _ = vertx.setPeriodic(LOOK_MILLIS, _ -> watch.look(vertx));
    return watch;
  }

  void bindTo(MeterRegistry registry) {
    var _ =
        Gauge.builder("starling.cluster.members", this, watch -> watch.members().size())
            .description("Processes in the cluster, this one included")
            .register(registry);
    var _ =
        Gauge.builder("starling.cluster.zones", this, watch -> watch.zones())
            .description("Zones in which copies of soft state stand")
            .register(registry);
    var _ =
        Gauge.builder("starling.cluster.safe", this, watch -> watch.safe ? 1 : 0)
            .description("Whether every copy of soft state is in step")
            .register(registry);
    var _ =
        Gauge.builder("starling.cluster.silent", pulse, its -> its.silent().size())
            .description("Members of which nothing is heard now")
            .register(registry);
    counter(registry, "starling.cluster.joined", "Members that came", joined);
    counter(registry, "starling.cluster.lost", "Members that went or fell silent", lost);
    counter(registry, "starling.cluster.merges", "Times this process came back", merges);
    counter(registry, "starling.cluster.merges.failed", "Times it tried in vain", failedMerges);
  }

  private static void counter(MeterRegistry registry, String name, String help, AtomicLong value) {
    var _ =
        FunctionCounter.builder(name, value, AtomicLong::get).description(help).register(registry);
  }

  /** The health part {@code cluster}. */
  Health.Part health() {
    var members = members();
    long data = members.stream().filter(member -> !member.isLiteMember()).count();
    return part(members.size(), data)
        .with(
            Map.of(
                "members", members.size(),
                "dataMembers", data,
                "zones", zones(),
                "merges", merges.get(),
                "lost", lost.get()));
  }

  private Health.Part part(int members, long data) {
    if (members == 0) {
      return Health.Part.down("outside the cluster");
    }
    if (data == 0) {
      return Health.Part.degraded("no relay node: nobody knows who holds which session");
    }
    // Of a list, all members are relay nodes; gateways and the like come beside them.
    if (data < config.expected()) {
      return Health.Part.degraded(data + " of " + config.expected() + " listed members are here");
    }
    var silent = pulse.silent();
    if (!silent.isEmpty()) {
      return Health.Part.degraded("nothing is heard of " + String.join(", ", silent));
    }
    return safe
        ? Health.Part.up("every copy of what is kept here is in step")
        : Health.Part.degraded("copies of soft state are being brought into step");
  }

  private Set<Member> members() {
    try {
      return instance.getLifecycleService().isRunning()
          ? instance.getCluster().getMembers()
          : Set.of();
    } catch (HazelcastInstanceNotActiveException _) {
      return Set.of();
    }
  }

  private long zones() {
    return members().stream()
        .filter(member -> !member.isLiteMember())
        .map(member -> member.getAttribute(MemberSettings.ZONE))
        .distinct()
        .count();
  }

  /**
   * One look at a time: it waits for the oldest member. Each looks after what it keeps itself; to
   * ask all members for the same blocks the threads by which they hear each other.
   */
  private void look(Vertx vertx) {
    if (!looking.compareAndSet(false, true)) {
      return;
    }
    var _ =
        vertx
            .executeBlocking(() -> instance.getPartitionService().isLocalMemberSafe(), false)
            .recover(_ -> Future.succeededFuture(false))
            .onSuccess(
                is -> {
                  safe = is;
                  looking.set(false);
                });
  }

  @Override
  public void memberAdded(MembershipEvent event) {
    joined.incrementAndGet();
    LOG.info("Joined: {}; {} members", Joining.name(event.getMember()), event.getMembers().size());
  }

  @Override
  public void memberRemoved(MembershipEvent event) {
    lost.incrementAndGet();
    LOG.warn("Lost: {}; {} members", Joining.name(event.getMember()), event.getMembers().size());
  }

  @Override
  public void stateChanged(LifecycleEvent event) {
    switch (event.getState()) {
      case MERGING -> LOG.warn("Cut off from the larger part of the cluster: going back");
      case MERGED -> {
        merges.incrementAndGet();
        LOG.info("Back in the cluster: {} members", members().size());
      }
      case MERGE_FAILED -> {
        failedMerges.incrementAndGet();
        LOG.error("Could not go back into the cluster; trying again");
      }
      default -> LOG.debug("{}", event.getState());
    }
  }
}
