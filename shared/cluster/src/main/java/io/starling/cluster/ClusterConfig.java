package io.starling.cluster;

import com.hazelcast.instance.BuildInfoProvider;
import io.starling.bootstrap.settings.Settings;
import io.starling.contract.BusCodec;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How a process finds its region's cluster and what it is in it.
 *
 * @param name tells apart clusters of one region, such as a blue and a green one
 * @param node this process's name, for people
 * @param zone what fails together; copies of soft state stand in different zones
 * @param host the address by which the others reach this process
 * @param port of Hazelcast; {@code busPort} is the event bus's, on the same address
 * @param peers where members may be found. Who is among these may be the first; a name in the DNS
 *     must therefore stand for members that are not ready yet as well
 * @param expected how many members the list names; 0 if it is a name in the DNS
 * @param mayStartAlone whether it may be the first, wherever it is
 * @param holdsData whether it keeps copies of soft state (relay nodes do)
 * @param patience how long it looks for others where it may not start alone
 */
public record ClusterConfig(
    String name,
    String region,
    String node,
    String zone,
    String host,
    int port,
    int busPort,
    List<Peer> peers,
    int expected,
    boolean mayStartAlone,
    boolean holdsData,
    Duration patience) {
  private static final String LIST = "STARLING_CLUSTER_MEMBERS";
  private static final String DNS = "STARLING_CLUSTER_DNS";
  private static final String HOST = "STARLING_CLUSTER_HOST";
  private static final List<String> OTHERS =
      List.of(
          "STARLING_CLUSTER",
          HOST,
          "STARLING_CLUSTER_PORT",
          "STARLING_CLUSTER_BUS_PORT",
          "STARLING_CLUSTER_ALONE",
          "STARLING_CLUSTER_PATIENCE");
  private static final int MAX_PEERS = 100;

  public ClusterConfig {
    peers = List.copyOf(peers);
  }

  /**
   * Reads the settings; mistakes are remembered there.
   *
   * @param holdsData whether the process runs the relay
   * @return empty if neither a list nor a name tells where members are: one machine
   */
  public static Optional<ClusterConfig> from(
      Settings settings, String region, String node, boolean holdsData) {
    int port = settings.integer("STARLING_CLUSTER_PORT", 5701, 1, 65_535);
    var list = settings.value(LIST, "", text -> peers(text, port));
    var dns = settings.value(DNS, "", text -> peers(text, port));
    var config =
        new ClusterConfig(
            settings.value("STARLING_CLUSTER", "starling", ClusterConfig::label),
            region,
            node,
            // A zone of its own: with one zone for all, there would be no copies at all.
            settings.value("STARLING_ZONE", node, ClusterConfig::label),
            settings.value(HOST, "127.0.0.1", ClusterConfig::host),
            port,
            settings.integer("STARLING_CLUSTER_BUS_PORT", 5702, 1, 65_535),
            list.isEmpty() ? dns : list,
            list.size(),
            settings.flag("STARLING_CLUSTER_ALONE", false),
            holdsData,
            settings.duration(
                "STARLING_CLUSTER_PATIENCE", "30s", Duration.ofSeconds(1), Duration.ofSeconds(50)));
    boolean clustered = settings.isSet(LIST) || settings.isSet(DNS);
    config.check(settings, clustered, dns);
    return clustered ? Optional.of(config) : Optional.empty();
  }

  private void check(Settings settings, boolean clustered, List<Peer> dns) {
    if (!clustered) {
      OTHERS.stream()
          .filter(settings::isSet)
          .forEach(name -> settings.reject(name, "means nothing without " + LIST + " or " + DNS));
      return;
    }
    if (!settings.isSet(HOST)) {
      settings.reject(HOST, "is needed: the address by which the other members reach this one");
    }
    if (settings.isSet(LIST) && settings.isSet(DNS)) {
      settings.reject(DNS, "not together with " + LIST);
    }
    if (dns.size() > 1) {
      settings.reject(DNS, "must be one name");
    }
    if (port == busPort) {
      settings.reject("STARLING_CLUSTER_BUS_PORT", "must differ from STARLING_CLUSTER_PORT");
    }
  }

  private static List<Peer> peers(String text, int defaultPort) {
    var peers =
        Arrays.stream(text.split(",", -1))
            .map(String::strip)
            .filter(part -> !part.isEmpty())
            .map(part -> Peer.read(part, defaultPort))
            .distinct()
            .toList();
    if (peers.size() > MAX_PEERS || (peers.isEmpty() && !text.isEmpty())) {
      throw new IllegalArgumentException("must be from 1 to " + MAX_PEERS);
    }
    return peers;
  }

  private static String label(String text) {
    if (!text.matches("[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?")) {
      throw new IllegalArgumentException("must be lower-case letters, digits and hyphens");
    }
    return text;
  }

  private static String host(String text) {
    if (text.equals("0.0.0.0") || text.equals("::") || !text.matches("[0-9A-Za-z.:-]+")) {
      throw new IllegalArgumentException("must be an address by which others reach this process");
    }
    return text;
  }

  /** The cluster's whole name: who differs in any part of it never joins. */
  public String clusterName() {
    String[] version = BuildInfoProvider.getBuildInfo().getVersion().split("[.-]", 3);
    return "%s.%s (wire %s, hazelcast %s.%s)"
        .formatted(name, region, BusCodec.NAME, version[0], version[1]);
  }

  /** Every address where a member may be, as of now. Blocks on DNS. */
  List<InetSocketAddress> addresses() {
    return peers.stream().flatMap(peer -> peer.addresses().stream()).distinct().toList();
  }

  /** The peers as a person reads them. */
  String peerNames() {
    return String.join(", ", peers.stream().map(Peer::toString).toList());
  }
}
