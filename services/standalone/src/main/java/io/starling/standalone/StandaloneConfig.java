package io.starling.standalone;

import io.starling.accounts.AccountsConfig;
import io.starling.api.ApiConfig;
import io.starling.bootstrap.settings.Settings;
import io.starling.cluster.ClusterConfig;
import io.starling.connection.ConnectionConfig;
import io.starling.relay.RelayConfig;
import io.starling.webhooks.WebhooksConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All settings of a process.
 *
 * @param cluster the region's, of which this process is a part; empty: one machine
 * @param database URIs of the database's servers; empty: an embedded one in the data folder
 * @param eventLoops how many instances of the connection and api services share their ports
 * @param sockets how the sockets are served
 * @param demonstration whether the first start makes an account, a product and a device to try; by
 *     default on one machine only
 * @param drain over how long the clients are sent away when the process is told to stop
 */
record StandaloneConfig(
    Path data,
    String node,
    String region,
    Set<Service> services,
    int shards,
    Optional<ClusterConfig> cluster,
    Optional<String> database,
    String host,
    int healthPort,
    int eventLoops,
    Sockets sockets,
    boolean demonstration,
    Duration drain,
    ConnectionConfig connection,
    RelayConfig relay,
    ApiConfig api,
    AccountsConfig accounts,
    WebhooksConfig webhooks) {

  /** What a process can run. */
  enum Service {
    CONNECTION,
    RELAY,
    API,
    ACCOUNTS,
    WEBHOOKS
  }

  /**
   * Reads and checks everything.
   *
   * @throws io.starling.bootstrap.settings.InvalidSettings with all mistakes
   */
  static StandaloneConfig from(Map<String, String> environment) {
    var settings = new Settings(environment);
    int cores = Runtime.getRuntime().availableProcessors();
    // Read by logback.xml.
    var _ = settings.value("STARLING_LOG_LEVEL", "INFO", StandaloneConfig::logLevel);
    // Read by scripts/run.
    var _ = settings.text("STARLING_HEAP", "1g");
    String node = settings.value("STARLING_NODE", "node-1", StandaloneConfig::name);
    String region = settings.value("STARLING_REGION", "local", StandaloneConfig::name);
    var services = settings.value("STARLING_SERVICES", "all", StandaloneConfig::services);
    var cluster = ClusterConfig.from(settings, region, node, services.contains(Service.RELAY));
    var config =
        new StandaloneConfig(
            settings.path("STARLING_DATA", "data").toAbsolutePath().normalize(),
            node,
            region,
            services,
            settings.integer("STARLING_SHARDS", 3, 1, 64),
            cluster,
            settings.optional("STARLING_DATABASE"),
            settings.text("STARLING_HOST", "0.0.0.0"),
            settings.port("STARLING_HEALTH_PORT", 9090),
            settings.integer("STARLING_EVENT_LOOPS", Math.max(1, cores / 2), 1, 256),
            settings.value("STARLING_SOCKETS", "auto", Sockets::parse),
            settings.flag("STARLING_DEMONSTRATION", cluster.isEmpty()),
            settings.duration(
                "STARLING_DRAIN",
                cluster.isEmpty() ? "0s" : "10s",
                Duration.ZERO,
                Duration.ofMinutes(30)),
            ConnectionConfig.from(settings),
            RelayConfig.from(settings),
            ApiConfig.from(settings),
            AccountsConfig.from(settings),
            WebhooksConfig.from(settings, cluster.isEmpty()));
    config.check(settings);
    settings.check();
    return config;
  }

  private void check(Settings settings) {
    boolean several = !relay.replicas().isEmpty();
    if (runs(Service.RELAY) && cluster.isPresent() && !several) {
      settings.reject(
          "STARLING_JOURNAL_REPLICAS",
          "is needed in a cluster: the addresses of the journals of all relay nodes");
    }
    if (several && cluster.isEmpty()) {
      settings.reject(
          "STARLING_JOURNAL_REPLICAS", "means nothing without a cluster of the nodes they are on");
    }
    if (runs(Service.ACCOUNTS) && cluster.isPresent() && accounts.secretKeys().isEmpty()) {
      settings.reject(
          "STARLING_SECRET_KEYS",
          "is needed in a cluster: the same keys on all nodes, name:base64,…");
    }
    if (cluster.isPresent() && database.isEmpty()) {
      settings.reject(
          "STARLING_DATABASE", "is needed in a cluster: an embedded one is of one node alone");
    }
  }

  private static String logLevel(String text) {
    if (!java.util.List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE").contains(text)) {
      throw new IllegalArgumentException("must be ERROR, WARN, INFO, DEBUG or TRACE");
    }
    return text;
  }

  private static String name(String text) {
    if (!text.matches("[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?")) {
      throw new IllegalArgumentException("must be lower-case letters, digits and hyphens");
    }
    return text;
  }

  private static Set<Service> services(String text) {
    if (text.equals("all")) {
      return EnumSet.allOf(Service.class);
    }
    var services = EnumSet.noneOf(Service.class);
    for (String name : text.split(",", -1)) {
      try {
        services.add(Service.valueOf(name.strip().toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "no service "
                + name.strip()
                + "; there are connection, relay, api, accounts, webhooks, or all",
            e);
      }
    }
    return services;
  }

  StopLimits stopLimits() {
    return cluster.isEmpty() && drain.isZero() ? StopLimits.alone() : StopLimits.ofNode(drain);
  }

  boolean runs(Service service) {
    return services.contains(service);
  }
}
