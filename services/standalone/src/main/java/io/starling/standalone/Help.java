package io.starling.standalone;

import java.util.Map;

/** What the launcher says to a person. */
final class Help {
  static final String TEXT =
      """
      Usage: scripts/run [--help | --check]

      Starts Starling: all services in one process, with an embedded PostgreSQL unless
      STARLING_DATABASE names another. Settings are environment variables; --check only checks them.

        STARLING_DATA            folder of everything that is kept            data
        STARLING_API_PORT        REST, event streams                          8080
        STARLING_MQTT_PORT       MQTT 3.1.1 and 5                             1883
        STARLING_WEBSOCKET_PORT  MQTT over WebSocket, path /mqtt              8083
        STARLING_TLS_CERTIFICATE, STARLING_TLS_KEY  PEM files: MQTT on port 8883, WebSocket on 8084
        STARLING_HEALTH_PORT     /health, /live, /metrics                     9090
        STARLING_HOST            address that the ports are opened on         0.0.0.0
        STARLING_DATABASE        postgresql://user:password@host:port/name[,…]  embedded
        STARLING_SERVICES        connection,relay,api,accounts,webhooks       all

      The README lists all settings.
      """;

  private Help() {}

  /** The credentials of a first start, and two commands to try. */
  static String demonstration(Map<String, String> made, StandaloneConfig config) {
    return """

        A demonstration account, told once (also in %s):

          account   %s   password %s
          product   %s
          device    %s   secret %s

        Try it, in two other terminals:

          scripts/device                      # a virtual device, publishing its temperature
          scripts/events                      # its events, as they arrive
        """
        .formatted(
            config.data().resolve("demo.env"),
            made.get("ACCOUNT_EMAIL"),
            made.get("ACCOUNT_PASSWORD"),
            made.get("PRODUCT_ID"),
            made.get("DEVICE_ID"),
            made.get("DEVICE_SECRET"));
  }
}
