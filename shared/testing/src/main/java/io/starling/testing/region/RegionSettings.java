package io.starling.testing.region;

import io.starling.testing.server.FreePorts;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * What a region is made of, kept in {@code region.json} when it is made.
 *
 * @param nodes 1 for a single machine without a cluster
 * @param network the first three numbers of all addresses; the node's number is the fourth
 * @param heapMegabytes of each node
 * @param namespaces whether each node has a network of its own that can be cut
 * @param databasePort of the PostgreSQL server
 * @param standbyPort of its standby; 0: there is none
 * @param environment further settings of all nodes, {@code STARLING_…}
 * @param clocks how far the wall clock of each node is ahead, node 1 first; those not named are
 *     right
 */
public record RegionSettings(
    int nodes,
    String network,
    int heapMegabytes,
    boolean namespaces,
    int databasePort,
    int standbyPort,
    Map<String, String> environment,
    List<Duration> clocks) {
  private static final String FILE = "region.json";
  private static final int MOST_NODES = 7;
  private static final int LEAST_HEAP = 128;

  public RegionSettings {
    environment = Map.copyOf(environment);
    clocks = List.copyOf(clocks);
    check(nodes >= 1 && nodes <= MOST_NODES && nodes % 2 == 1, "a region has 1, 3, 5 or 7 nodes");
    check(heapMegabytes >= LEAST_HEAP, "a node needs a heap of " + LEAST_HEAP + " MiB at least");
    check(
        network.matches("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}"),
        "a network is three numbers, such as 127.0.1");
    check(namespaces || network.startsWith("127."), "without namespaces a network begins with 127");
  }

  /** With a pair of database servers on free ports; one node has one server. */
  public static RegionSettings of(int nodes, String network) {
    var ports = FreePorts.take(2);
    var standby = nodes > 1 ? ports.getLast() : 0;
    return new RegionSettings(
        nodes, network, 400, false, ports.getFirst(), standby, Map.of(), List.of());
  }

  /** A network of this machine on which nobody listens at the first addresses now. */
  public static String unusedNetwork() {
    var random = ThreadLocalRandom.current();
    for (var attempt = 0; attempt < 100; attempt++) {
      var network = "127.%d.%d".formatted(random.nextInt(16, 250), random.nextInt(1, 250));
      if (IntStream.rangeClosed(1, 3).allMatch(node -> isFree(network + "." + node))) {
        return network;
      }
    }
    throw new IllegalStateException("no network of this machine is unused");
  }

  private static boolean isFree(String host) {
    for (var port : RegionNode.PORTS) {
      try (var socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(host, port));
      } catch (IOException _) {
        return false;
      }
    }
    return true;
  }

  public RegionSettings withHeap(int megabytes) {
    return new RegionSettings(
        nodes, network, megabytes, namespaces, databasePort, standbyPort, environment, clocks);
  }

  public RegionSettings withNamespaces(String inNetwork) {
    return new RegionSettings(
        nodes, inNetwork, heapMegabytes, true, databasePort, standbyPort, environment, clocks);
  }

  public RegionSettings with(Map<String, String> settings) {
    var more = new LinkedHashMap<>(environment);
    more.putAll(settings);
    return new RegionSettings(
        nodes, network, heapMegabytes, namespaces, databasePort, standbyPort, more, clocks);
  }

  /**
   * With wall clocks that are so far ahead, or behind: node 1 first.
   *
   * @throws IllegalStateException if that cannot be had here
   */
  public RegionSettings withClocks(Duration... ahead) {
    var _ = WrongClock.require();
    return new RegionSettings(
        nodes,
        network,
        heapMegabytes,
        namespaces,
        databasePort,
        standbyPort,
        environment,
        List.of(ahead));
  }

  /** How far a node's wall clock is ahead; zero: it is right. */
  Duration clock(int node) {
    return node <= clocks.size() ? clocks.get(node - 1) : Duration.ZERO;
  }

  /** The address of a node, counted from 1. */
  public String host(int node) {
    return network + "." + node;
  }

  /** Where clients and the database are: the hub of the namespaces, or simply this machine. */
  public String hubHost() {
    return namespaces ? network + ".254" : "127.0.0.1";
  }

  /** Those of the region in this folder; empty if there is none. */
  static Optional<RegionSettings> read(Path folder) {
    var file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      var json = new JsonObject(Files.readString(file));
      var environment = new LinkedHashMap<String, String>();
      json.getJsonObject("environment")
          .forEach(entry -> environment.put(entry.getKey(), String.valueOf(entry.getValue())));
      return Optional.of(
          new RegionSettings(
              json.getInteger("nodes"),
              json.getString("network"),
              json.getInteger("heapMegabytes"),
              json.getBoolean("namespaces"),
              json.getInteger("databasePort"),
              json.getInteger("standbyPort", 0),
              environment,
              json.getJsonArray("clockSeconds", new JsonArray()).stream()
                  .map(seconds -> Duration.ofSeconds(((Number) seconds).longValue()))
                  .toList()));
    } catch (IOException | DecodeException | NullPointerException e) {
      throw new IllegalStateException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  void write(Path folder) {
    var environmentJson = new JsonObject();
    environment.forEach(environmentJson::put);
    var json =
        new JsonObject()
            .put("nodes", nodes)
            .put("network", network)
            .put("heapMegabytes", heapMegabytes)
            .put("namespaces", namespaces)
            .put("databasePort", databasePort)
            .put("standbyPort", standbyPort)
            .put("environment", environmentJson)
            .put("clockSeconds", clocks.stream().map(Duration::toSeconds).toList());
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(FILE), json.encodePrettily() + "\n");
    } catch (IOException e) {
      throw new IllegalStateException(
          "the folder " + folder + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
