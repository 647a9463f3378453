package io.starling.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way into the cluster, or one line why not. Hazelcast by itself would go on alone where it is
 * turned away for another name, and where it finds nobody: a process that looks well and is cut off
 * from its region. Blocks; for a start thread.
 */
final class Joining {
  private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
  private static final long LOOK_MILLIS = 50;

  private final ClusterConfig config;
  private final InetAddress address;

  private Joining(ClusterConfig config, InetAddress address) {
    this.config = config;
    this.address = address;
  }

  /**
   * Joins.
   *
   * @throws ClusterRefused if it does not
   */
  static HazelcastInstance join(ClusterConfig config) {
    var joining = new Joining(config, ownAddress(config));
    joining.requireFree("STARLING_CLUSTER_PORT", config.port());
    joining.requireFree("STARLING_CLUSTER_BUS_PORT", config.busPort());
    return joining.run();
  }

  private static InetAddress ownAddress(ClusterConfig config) {
    try {
      return InetAddress.getByName(config.host());
    } catch (UnknownHostException _) {
      throw new ClusterRefused(
          "STARLING_CLUSTER_HOST=" + config.host() + " is a name that nobody knows");
    }
  }

  private void requireFree(String setting, int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
    } catch (IOException e) {
      throw new ClusterRefused(
          "port %d (%s) on %s cannot be used: %s"
              .formatted(port, setting, config.host(), e.getMessage()));
    }
  }

  private HazelcastInstance run() {
    var settings =
        MemberSettings.of(config, address, new Registrations(UUID.randomUUID().toString()));
    var strangers = Strangers.heardBy(settings);
    HazelcastInstance instance;
    try {
      instance = Hazelcast.newHazelcastInstance(settings);
    } catch (HazelcastException | IllegalStateException e) {
      // Among the causes: a member whose Hazelcast is set otherwise says no, and ends the start.
      LOG.debug("Hazelcast did not start", e);
      throw new ClusterRefused(
          "could not join the cluster %s at %s: %s"
              .formatted(config.clusterName(), config.peerNames(), e.getMessage()));
    }
    try {
      settle(instance, strangers);
      return instance;
    } catch (ClusterRefused e) {
      instance.getLifecycleService().terminate();
      throw e;
    }
  }

  /** Waits until it is clear that the process is where it belongs. */
  private void settle(HazelcastInstance instance, Strangers strangers) {
    long deadline = System.nanoTime() + config.patience().toNanos();
    while (!belongs(instance)) {
      var others = strangers.met();
      if (isAlone(instance) && !others.isEmpty()) {
        throw new ClusterRefused(
            "what runs at %s is not of the cluster %s: another name, region or version"
                .formatted(String.join(", ", others), config.clusterName()));
      }
      if (isAlone(instance) && mayStartAlone()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new ClusterRefused(missing(instance));
      }
      pause();
    }
    if (!strangers.met().isEmpty()) {
      LOG.warn("What runs at {} is not of {}", strangers.met(), config.clusterName());
    }
  }

  private boolean belongs(HazelcastInstance instance) {
    return !isAlone(instance)
        && instance.getCluster().getMembers().stream().anyMatch(member -> !member.isLiteMember())
        && olderNamesake(instance).isEmpty();
  }

  /** A member that has this one's name already; its former self is soon gone. */
  private Optional<Member> olderNamesake(HazelcastInstance instance) {
    return instance.getCluster().getMembers().stream()
        .takeWhile(member -> !member.localMember())
        .filter(member -> config.node().equals(member.getAttribute(MemberSettings.NODE)))
        .findFirst();
  }

  private static boolean isAlone(HazelcastInstance instance) {
    return instance.getCluster().getMembers().size() == 1;
  }

  /** A list's members may each be the first of all; and without data there is nothing to begin. */
  private boolean mayStartAlone() {
    return config.holdsData()
        && (config.mayStartAlone()
            || config.addresses().contains(new InetSocketAddress(address, config.port())));
  }

  private String missing(HazelcastInstance instance) {
    long seconds = config.patience().toSeconds();
    var namesake = olderNamesake(instance);
    if (namesake.isPresent()) {
      return "STARLING_NODE=%s is the name of another member: %s"
          .formatted(config.node(), name(namesake.get()));
    }
    if (!isAlone(instance) || !config.holdsData()) {
      return "no relay node of the cluster %s was found within %d s at %s"
          .formatted(config.clusterName(), seconds, config.peerNames());
    }
    return ("nobody of the cluster %s was found within %d s at %s, and %s:%d is not among these:"
            + " with STARLING_CLUSTER_ALONE=true it may be the first")
        .formatted(config.clusterName(), seconds, config.peerNames(), config.host(), config.port());
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterRefused("told to stop");
    }
  }

  /** The member with this id on the bus, as a person reads it. */
  static String name(HazelcastInstance instance, String busId) {
    return instance.getCluster().getMembers().stream()
        .filter(member -> busId.equals(member.getAttribute(MemberSettings.BUS_ID)))
        .findFirst()
        .map(Joining::name)
        .orElse(busId);
  }

  /** A member as a person reads it. */
  static String name(Member member) {
    return "%s (zone %s, %s:%d)"
        .formatted(
            member.getAttribute(MemberSettings.NODE),
            member.getAttribute(MemberSettings.ZONE),
            member.getAddress().getHost(),
            member.getAddress().getPort());
  }
}
