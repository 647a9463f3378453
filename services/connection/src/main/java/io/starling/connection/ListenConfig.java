package io.starling.connection;

import io.starling.bootstrap.settings.Settings;
import io.starling.connection.guard.AddressRange;
import io.starling.connection.tls.TlsConfig;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the gateway listens.
 *
 * @param host the address to listen on
 * @param mqttPort 0 lets the system choose, as for the others
 * @param tlsPort opened if there are certificates
 * @param webSocketTlsPort opened if there are certificates
 * @param proxies who may speak for clients by the PROXY protocol; if there are any, nobody else may
 *     connect
 * @param origins pages from which browsers may come over WebSocket, in lower case; any if there are
 *     none
 */
public record ListenConfig(
    String host,
    int mqttPort,
    int webSocketPort,
    int tlsPort,
    int webSocketTlsPort,
    TlsConfig tls,
    List<AddressRange> proxies,
    Set<String> origins) {

  /** Checks what belongs together. */
  public ListenConfig {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host is empty");
    }
    var ports = new HashSet<Integer>();
    var opened =
        tls.isOn()
            ? List.of(mqttPort, webSocketPort, tlsPort, webSocketTlsPort)
            : List.of(mqttPort, webSocketPort);
    for (int port : opened) {
      if (port != 0 && !ports.add(port)) {
        throw new IllegalArgumentException("two ports are the same");
      }
    }
  }

  /** Reads the settings. */
  static ListenConfig from(Settings settings) {
    var tls = TlsConfig.from(settings);
    var taken = new HashSet<Integer>();
    int mqttPort = port(settings, "STARLING_MQTT_PORT", 1883, taken);
    int webSocketPort = port(settings, "STARLING_WEBSOCKET_PORT", 8083, taken);
    var takenByTls = tls.isOn() ? taken : new HashSet<Integer>();
    return new ListenConfig(
        settings.text("STARLING_HOST", "0.0.0.0"),
        mqttPort,
        webSocketPort,
        port(settings, "STARLING_MQTT_TLS_PORT", 8883, takenByTls),
        port(settings, "STARLING_WEBSOCKET_TLS_PORT", 8084, takenByTls),
        tls,
        settings.value("STARLING_MQTT_PROXIES", "", ListenConfig::ranges),
        settings.list("STARLING_WEBSOCKET_ORIGINS", "").stream()
            .map(origin -> origin.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static int port(Settings settings, String name, int fallback, Set<Integer> taken) {
    int port = settings.port(name, fallback);
    if (port != 0 && !taken.add(port)) {
      settings.reject(name, "must differ from the other ports of the gateway");
      return 0;
    }
    return port;
  }

  private static List<AddressRange> ranges(String text) {
    return text.lines()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .map(AddressRange::of)
        .toList();
  }
}
