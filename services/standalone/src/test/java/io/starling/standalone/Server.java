package io.starling.standalone;

import io.starling.embedded.EmbeddedDatabase;
import io.starling.testing.account.DemoEnv;
import io.starling.testing.client.Target;
import io.starling.testing.process.ChildProcess;
import io.starling.testing.process.Launch;
import io.starling.testing.server.FreePorts;
import io.starling.testing.server.ServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole server as a process of its own, on ports and a folder that stay the same over its
 * restarts.
 */
final class Server implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final List<String> FLAGS =
      List.of(
          "-Xmx512m",
          "-XX:+UseSerialGC",
          // It lives for seconds: half the time would go into compiling it.
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseCompactObjectHeaders",
          // The log as an operator has it, not that of tests.
          "-Dlogback.configurationFile=logback.xml",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private static final List<String> WITHOUT_POWERS =
      List.of("setpriv", "--inh-caps=-all", "--bounding-set=-all", "--");

  private final Path data;
  private final Map<String, String> environment = new HashMap<>();
  private final List<Integer> ports = FreePorts.take(4);
  private final List<String> flags = new ArrayList<>(FLAGS);
  private boolean withoutPowers;
  private @Nullable ChildProcess process;

  Server(Path data) {
    this.data = data;
    environment.put("STARLING_DATA", data.toString());
    environment.put("STARLING_HOST", "127.0.0.1");
    environment.put("STARLING_API_PORT", ports.get(0).toString());
    environment.put("STARLING_MQTT_PORT", ports.get(1).toString());
    environment.put("STARLING_WEBSOCKET_PORT", ports.get(2).toString());
    environment.put("STARLING_HEALTH_PORT", ports.get(3).toString());
  }

  Server with(String setting, String value) {
    environment.put(setting, value);
    return this;
  }

  Server with(EmbeddedDatabase database) {
    return with("STARLING_DATABASE", database.uri());
  }

  /** Looks for leaks of every buffer, and lets everybody in at once. */
  Server forFuzzing() {
    environment.putAll(
        new ServerOptions(List.of(), List.of(), Map.of(), data).unpaced().environment());
    flags.add("-Dio.netty.leakDetection.level=paranoid");
    return this;
  }

  /**
   * With the rights of a file's owner and no more, as an ordinary user has them, if we are root.
   */
  Server withoutPowers() {
    withoutPowers = true;
    return this;
  }

  private static boolean isRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a process and does not wait for anything. */
  ChildProcess launch(String... arguments) {
    var java = Launch.java(Main.class, flags, List.of(arguments));
    var launch = withoutPowers && isRoot() ? java.through(WITHOUT_POWERS) : java;
    var started = launch.withoutInherited("STARLING_").withEnvironment(environment).start();
    process = started;
    return started;
  }

  /** Starts, and waits until it says that it is ready. */
  @com.google.errorprone.annotations.CanIgnoreReturnValue
  Server start() {
    var started = launch();
    var _ = started.awaitLine("ready:", START_LIMIT);
    return this;
  }

  ChildProcess process() {
    if (process == null) {
      throw new IllegalStateException("not started");
    }
    return process;
  }

  DemoEnv demo() {
    return DemoEnv.of(data);
  }

  Path data() {
    return data;
  }

  int apiPort() {
    return ports.get(0);
  }

  int mqttPort() {
    return ports.get(1);
  }

  int healthPort() {
    return ports.get(3);
  }

  int webSocketPort() {
    return ports.get(2);
  }

  Target target() {
    return Target.plain("127.0.0.1", mqttPort());
  }

  URI health(String path) {
    return URI.create("http://127.0.0.1:" + ports.get(3) + path);
  }

  URI api(String path) {
    return URI.create("http://127.0.0.1:" + apiPort() + path);
  }

  /**
   * Ends the process; what it logged is kept under {@code target}, for the case that the test
   * failed.
   */
  @Override
  public void close() {
    if (process == null) {
      return;
    }
    process.close();
    try {
      Path logs = Files.createDirectories(Path.of("target", "server-logs"));
      Files.write(logs.resolve(ports.getFirst() + ".log"), process.output());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
