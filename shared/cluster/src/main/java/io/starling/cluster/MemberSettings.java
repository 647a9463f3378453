package io.starling.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.DiscoveryStrategyConfig;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.PartitionGroupConfig.MemberGroupType;
import com.hazelcast.spi.merge.PutIfAbsentMergePolicy;
import com.hazelcast.spi.partitiongroup.PartitionGroupMetaData;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Hazelcast's configuration, all of it: no file on the class path or disk is read. */
final class MemberSettings {
  /** The attribute by which a member is known on the event bus. */
  static final String BUS_ID = "starling.bus";

  /** The attribute with the process's name. */
  static final String NODE = "starling.node";

  /** The attribute with its zone. */
  static final String ZONE = PartitionGroupMetaData.PARTITION_GROUP_ZONE;

  /** One copy in each of three zones. */
  private static final int COPIES = 2;

  /** The map of sessions. */
  static final String SESSIONS = "sessions";

  private static final int TELLERS = 2;
  private static final int MERGE_BATCH = 1_000;

  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          // A dead process is noticed by its connections, a silent one by these (architecture, 11).
          Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
          Map.entry("hazelcast.max.no.heartbeat.seconds", "5"),
          // In truth a number of tries, the first five at once: with five, the heir of a frozen
          // oldest member parts from all who have not missed it yet, and needs a merge.
          Map.entry("hazelcast.mastership.claim.timeout.seconds", "15"),
          Map.entry("hazelcast.operation.call.timeout.millis", "4000"),
          Map.entry("hazelcast.operation.backup.timeout.millis", "1000"),
          Map.entry("hazelcast.merge.first.run.delay.seconds", "2"),
          Map.entry("hazelcast.merge.next.run.delay.seconds", "2"),
          Map.entry("hazelcast.wait.seconds.before.join", "1"),
          Map.entry("hazelcast.max.wait.seconds.before.join", "5"),
          Map.entry("hazelcast.max.join.seconds", "40"),
          Map.entry("hazelcast.member.list.publish.interval.seconds", "5"),
          Map.entry("hazelcast.graceful.shutdown.max.wait", "2"),
          Map.entry("hazelcast.discovery.enabled", "true"),
          Map.entry("hazelcast.socket.bind.any", "false"),
          Map.entry("hazelcast.socket.connect.timeout.seconds", "2"),
          Map.entry("hazelcast.shutdownhook.enabled", "false"),
          Map.entry("hazelcast.phone.home.enabled", "false"),
          Map.entry("hazelcast.health.monitoring.level", "OFF"),
          Map.entry("hazelcast.logging.type", "slf4j"));

  private MemberSettings() {}

  static Config of(ClusterConfig cluster, InetAddress address, Registrations registrations) {
    var config = new Config().setClusterName(cluster.clusterName());
    var context = new ConcurrentHashMap<String, Object>();
    var _ = registrations.in(context);
    var _ = config.setUserContext(context);
    PROPERTIES.forEach(config::setProperty);
    var _ = config.setProperty("hazelcast.local.localAddress", address.getHostAddress());
    var _ = config.setLiteMember(!cluster.holdsData());
    config.getMetricsConfig().setEnabled(false);
    config.getJetConfig().setEnabled(false);
    config.getMemberAttributeConfig().setAttribute(BUS_ID, registrations.self());
    config.getMemberAttributeConfig().setAttribute(NODE, cluster.node());
    config.getMemberAttributeConfig().setAttribute(ZONE, cluster.zone());
    var _ =
        config.getPartitionGroupConfig().setEnabled(true).setGroupType(MemberGroupType.ZONE_AWARE);
    network(config, cluster);
    maps(config);
    return config;
  }

  private static void network(Config config, ClusterConfig cluster) {
    var network = config.getNetworkConfig().setPort(cluster.port()).setPortAutoIncrement(false);
    var join = network.getJoin();
    var _ = join.getMulticastConfig().setEnabled(false);
    var _ = join.getAutoDetectionConfig().setEnabled(false);
    var _ = join.getTcpIpConfig().setEnabled(false).setConnectionTimeoutSeconds(2);
    join.getDiscoveryConfig()
        .addDiscoveryStrategyConfig(new DiscoveryStrategyConfig(new PeerDiscovery(cluster)));
  }

  private static void maps(Config config) {
    var _ =
        config
            .addMapConfig(map("default", PutIfAbsentMergePolicy.class))
            .addMapConfig(map(SESSIONS, HighestWins.Epoch.class))
            .addExecutorConfig(new ExecutorConfig(BusCluster.EXECUTOR, TELLERS));
  }

  private static MapConfig map(String name, Class<?> merge) {
    return new MapConfig(name)
        .setBackupCount(COPIES)
        .setStatisticsEnabled(false)
        .setMergePolicyConfig(new MergePolicyConfig(merge.getName(), MERGE_BATCH));
  }
}
