package io.starling.testing.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a server is started.
 *
 * @param command empty: this JVM's {@code java} with the jars of {@code lib}; a script has to
 *     {@code exec}, since signals go to the started process and its cost is read
 * @param environment further settings of Starling
 */
public record ServerOptions(
    List<String> command, List<String> jvmFlags, Map<String, String> environment, Path lib) {
  public ServerOptions {
    command = List.copyOf(command);
    jvmFlags = List.copyOf(jvmFlags);
    environment = Map.copyOf(environment);
  }

  /** With TLS, and as many connections of one address as come. */
  public ServerOptions with(TestCertificate certificate) {
    var more = new HashMap<>(environment);
    more.putIfAbsent("STARLING_TLS_CERTIFICATE", certificate.certificate().toString());
    more.putIfAbsent("STARLING_TLS_KEY", certificate.key().toString());
    more.putIfAbsent("STARLING_ADDRESS_CONNECTIONS", "0");
    return new ServerOptions(command, jvmFlags, more, lib);
  }

  /** With further settings. */
  public ServerOptions with(Map<String, String> settings) {
    var more = new HashMap<>(environment);
    more.putAll(settings);
    return new ServerOptions(command, jvmFlags, more, lib);
  }

  /** Whoever comes is let in at once, as by servers that know no pace. */
  public ServerOptions unpaced() {
    var more = new HashMap<>(environment);
    for (String limit :
        List.of(
            "CONNECT_RATE", "CONNECT_BURST", "ACCEPT_RATE", "ACCEPT_BURST", "CONNECT_FAILURES")) {
      more.putIfAbsent("STARLING_" + limit, "100000");
    }
    for (String limit : List.of("CONNECT_FLAPPING", "ADDRESS_CONNECTIONS")) {
      more.putIfAbsent("STARLING_" + limit, "0");
    }
    for (String limit : List.of("ADDRESS", "TOKEN", "ACCOUNT", "LOGIN", "STREAMS")) {
      more.putIfAbsent("STARLING_API_RATE_" + limit, "off");
    }
    return new ServerOptions(command, jvmFlags, more, lib);
  }
}
