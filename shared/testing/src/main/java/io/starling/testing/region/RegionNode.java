package io.starling.testing.region;

import io.starling.testing.process.DetachedProcess;
import io.starling.testing.process.Launch;
import io.starling.testing.process.ProcessCost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One node: how it is started, where it is, and its process. */
public final class RegionNode {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final int API_PORT = 8080;
  private static final int MQTT_PORT = 1883;
  private static final int HEALTH_PORT = 9090;
  private static final int JOURNAL_PORT = 7001;
  private static final int CLUSTER_PORT = 5701;

  /** On which a node listens. */
  static final List<Integer> PORTS =
      List.of(API_PORT, MQTT_PORT, 8083, HEALTH_PORT, JOURNAL_PORT, CLUSTER_PORT, 5702);

  private final Path region;
  private final RegionSettings settings;
  private final int number;
  private final Path folder;
  private final DetachedProcess process;

  RegionNode(Path region, RegionSettings settings, int number) {
    this.region = region;
    this.settings = settings;
    this.number = number;
    this.folder = region.resolve("node-" + number);
    this.process = new DetachedProcess(name(), folder.resolve("pid"));
  }

  /** From 1. */
  public int number() {
    return number;
  }

  public String name() {
    return "node-" + number;
  }

  public String host() {
    return settings.host(number);
  }

  public String apiUrl() {
    return "http://" + host() + ":" + API_PORT;
  }

  public String mqttUrl() {
    return "mqtt://" + host() + ":" + MQTT_PORT;
  }

  public int mqttPort() {
    return MQTT_PORT;
  }

  String healthUrl() {
    return "http://" + host() + ":" + HEALTH_PORT;
  }

  public DetachedProcess process() {
    return process;
  }

  /** Where its process logs. */
  public Path log() {
    return folder.resolve("log");
  }

  /** What it keeps. */
  public Path data() {
    return folder.resolve("data");
  }

  /** What its process has in memory now; empty if there is none. */
  public Optional<Long> residentBytes() {
    try {
      return process.pid().map(pid -> ProcessCost.of(pid).residentBytes());
    } catch (IllegalStateException _) {
      return Optional.empty(); // ended between the two
    }
  }

  void start(Programs programs, String databaseUris, Optional<Namespaces> namespaces) {
    var flags = new ArrayList<>(programs.jvmFlags());
    flags.addAll(
        List.of(
            "-Xmx" + settings.heapMegabytes() + "m",
            "-XX:+UseParallelGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dlogback.configurationFile=logback.xml"));
    var java =
        Launch.java("io.starling.standalone.Main", programs.serverClassPath(), flags, List.of());
    var ahead = settings.clock(number);
    var timed = ahead.isZero() ? java : WrongClock.of(ahead, java);
    var apart = DetachedProcess.apart(timed);
    var launch = namespaces.map(spaces -> spaces.inNode(number, apart)).orElse(apart);
    process.start(
        launch.withoutInherited("STARLING_").withEnvironment(environment(databaseUris)), log());
  }

  void stop() {
    var _ = process.stop(STOP_LIMIT);
  }

  private Map<String, String> environment(String databaseUris) {
    var environment = new LinkedHashMap<String, String>();
    environment.put("STARLING_NODE", name());
    environment.put("STARLING_ZONE", "zone-" + number);
    environment.put("STARLING_HOST", host());
    environment.put("STARLING_DATA", data().toAbsolutePath().toString());
    environment.put("STARLING_DATABASE", databaseUris);
    environment.put("STARLING_JOURNAL_HOST", host());
    environment.put("STARLING_JOURNAL_PORT", Integer.toString(JOURNAL_PORT));
    // Made by the region itself, once for all its nodes.
    environment.put("STARLING_DEMONSTRATION", "false");
    environment.put("STARLING_WEBHOOK_PRIVATE_TARGETS", "loopback");
    if (settings.nodes() > 1) {
      environment.put("STARLING_JOURNAL_REPLICAS", everyNode(JOURNAL_PORT));
      environment.put("STARLING_CLUSTER_MEMBERS", everyNode(CLUSTER_PORT));
      environment.put("STARLING_CLUSTER_HOST", host());
      environment.put("STARLING_SECRET_KEYS", "region:" + SharedKey.of(region));
    } else {
      environment.remove("STARLING_ZONE");
    }
    environment.putAll(settings.environment());
    return environment;
  }

  private String everyNode(int port) {
    return IntStream.rangeClosed(1, settings.nodes())
        .mapToObj(node -> settings.host(node) + ":" + port)
        .collect(Collectors.joining(","));
  }
}
