package io.starling.connection;

import io.starling.bootstrap.settings.Settings;
import io.starling.connection.admission.AdmissionLimits;
import io.starling.connection.guard.GuardLimits;
import io.starling.connection.mqtt.MqttListener;
import io.starling.connection.publish.PublishLimits;
import io.starling.contract.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of the gateway.
 *
 * @param listen where to listen, and to whom
 * @param maxPacketBytes the largest MQTT packet that is taken; told to MQTT 5 clients
 * @param connectTimeout how long a connection may be silent before its CONNECT, whole seconds
 * @param receiveMaximum how many unacknowledged QoS 1 and 2 messages an MQTT 5 client may send
 * @param topicAliasMaximum how many topics an MQTT 5 client may replace by numbers
 * @param maxKeepAlive the longest keep alive that an MQTT 5 client may choose, whole seconds
 * @param commitTimeout how long a journal that cannot be reached is tried before the clients that
 *     wait for it are disconnected
 * @param maxSessionExpiry how long a session is kept at most after its connection, whole seconds
 * @param statusEvents whether it is an event when a device comes and goes
 * @param admission how fast clients may come in
 * @param guard how many may come, and how often
 * @param publish how much the node takes
 * @param serverReference where MQTT 5 clients are told to go when there is no room for them here
 *     (section 4.11): {@code host[:port]}, or several of them with spaces between
 */
public record ConnectionConfig(
    ListenConfig listen,
    int maxPacketBytes,
    Duration connectTimeout,
    int receiveMaximum,
    int topicAliasMaximum,
    Duration maxKeepAlive,
    Duration commitTimeout,
    Duration maxSessionExpiry,
    boolean statusEvents,
    AdmissionLimits admission,
    GuardLimits guard,
    PublishLimits publish,
    Optional<String> serverReference) {
  private static final int MIN_PACKET_BYTES = 4 * 1024;
  private static final int MAX_REFERENCE_BYTES = 1_000;
  private static final String REFERENCE = "STARLING_SERVER_REFERENCE";
  private static final int MAX_KEEP_ALIVE_SECONDS = 65_535;

  /** Checks what belongs together. */
  public ConnectionConfig {
    require(
        maxPacketBytes >= MIN_PACKET_BYTES && maxPacketBytes <= Event.MAX_DATA_BYTES,
        "packet size out of bounds");
    require(connectTimeout.toSeconds() >= 1, "connect timeout below a second");
    require(receiveMaximum >= 1 && receiveMaximum <= 1_000, "receive maximum out of bounds");
    require(
        topicAliasMaximum >= 0 && topicAliasMaximum <= 1_000, "topic alias maximum out of bounds");
    require(
        maxKeepAlive.toSeconds() >= 1 && maxKeepAlive.toSeconds() <= MAX_KEEP_ALIVE_SECONDS,
        "keep alive out of bounds");
    require(commitTimeout.toMillis() >= 1, "commit timeout is empty");
    require(!maxSessionExpiry.isNegative(), "session expiry below zero");
    require(serverReference.stream().allMatch(ConnectionConfig::isReference), "server reference");
  }

  /** What the listener has to know of all that. */
  MqttListener.Options listenerOptions() {
    return new MqttListener.Options(
        listen.host(),
        listen.mqttPort(),
        listen.webSocketPort(),
        listen.tlsPort(),
        listen.webSocketTlsPort(),
        maxPacketBytes,
        (int) connectTimeout.toSeconds(),
        receiveMaximum,
        topicAliasMaximum,
        listen.proxies(),
        listen.origins());
  }

  /** The MQTT port. */
  public int mqttPort() {
    return listen.mqttPort();
  }

  /** The WebSocket port. */
  public int webSocketPort() {
    return listen.webSocketPort();
  }

  /** Tells whether clients can be told to go there. */
  static boolean isReference(String text) {
    return !text.isBlank()
        && text.chars().noneMatch(Character::isISOControl)
        && text.getBytes(StandardCharsets.UTF_8).length <= MAX_REFERENCE_BYTES;
  }

  private static void require(boolean holds, String why) {
    if (!holds) {
      throw new IllegalArgumentException(why);
    }
  }

  /** Reads the settings. */
  public static ConnectionConfig from(Settings settings) {
    return new ConnectionConfig(
        ListenConfig.from(settings),
        (int)
            settings.size(
                "STARLING_MQTT_MAX_PACKET", "256KiB", MIN_PACKET_BYTES, Event.MAX_DATA_BYTES),
        settings.duration(
            "STARLING_MQTT_CONNECT_TIMEOUT", "10s", Duration.ofSeconds(1), Duration.ofMinutes(2)),
        settings.integer("STARLING_MQTT_RECEIVE_MAXIMUM", 20, 1, 1_000),
        settings.integer("STARLING_MQTT_TOPIC_ALIAS_MAXIMUM", 10, 0, 1_000),
        settings.duration(
            "STARLING_MQTT_MAX_KEEP_ALIVE",
            "20m",
            Duration.ofSeconds(10),
            Duration.ofSeconds(MAX_KEEP_ALIVE_SECONDS)),
        settings.duration(
            "STARLING_MQTT_COMMIT_TIMEOUT", "10s", Duration.ofSeconds(1), Duration.ofMinutes(5)),
        settings.duration(
            "STARLING_MQTT_MAX_SESSION_EXPIRY", "7d", Duration.ZERO, Duration.ofDays(365)),
        settings.flag("STARLING_STATUS_EVENTS", true),
        new AdmissionLimits(
            settings.integer("STARLING_CONNECT_RATE", 1_000, 1, 100_000),
            settings.integer("STARLING_CONNECT_BURST", 100, 1, 100_000),
            settings.duration(
                "STARLING_CONNECT_WAIT", "3s", Duration.ofMillis(100), Duration.ofSeconds(30))),
        GuardLimits.from(settings),
        new PublishLimits(
            settings.integer("STARLING_ACCOUNT_RATE", 50_000, 1, 10_000_000),
            settings.integer("STARLING_ACCOUNT_BURST", 100_000, 1, 10_000_000),
            settings.size("STARLING_PUBLISH_MEMORY", "32MiB", 1 << 20, 1L << 40)),
        reference(settings));
  }

  private static Optional<String> reference(Settings settings) {
    var text = settings.optional(REFERENCE);
    if (text.isPresent() && !isReference(text.get())) {
      settings.reject(REFERENCE, "must be host[:port] without control characters");
      return Optional.empty();
    }
    return text;
  }
}
