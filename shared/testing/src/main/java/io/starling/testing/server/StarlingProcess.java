package io.starling.testing.server;

import io.starling.testing.account.DemoEnv;
import io.starling.testing.client.Target;
import io.starling.testing.process.ChildProcess;
import io.starling.testing.process.Launch;
import io.starling.testing.process.ProcessCost;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/**
 * Starling in a process of its own, on free ports, with its data in this folder. {@link #close}
 * ends it and the PostgreSQL that it started.
 */
public final class StarlingProcess implements ServerUnderTest {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration HEALTH_LIMIT = Duration.ofSeconds(5);
  private static final int DATABASE_FOLDER_DEPTH = 5;

  private final ChildProcess process;
  private final DemoEnv env;
  private final Duration startTime;
  private final URI health;
  private final int tlsPort;
  private final Optional<Long> postmaster;

  private StarlingProcess(
      ChildProcess process, DemoEnv env, Duration startTime, URI health, int tlsPort) {
    this.process = process;
    this.health = health;
    this.env = env;
    this.startTime = startTime;
    this.tlsPort = tlsPort;
    this.postmaster = findPostmaster(env.dataFolder());
  }

  /** Starts it and waits until it is ready and has told its demonstration account. */
  public static StarlingProcess start(ServerOptions options, Path data) {
    var ports = FreePorts.take(6);
    var process = launch(options, data, ports).start();
    try {
      var health = URI.create("http://127.0.0.1:" + ports.get(3) + "/health");
      process.awaitUrl(
          health, body -> body.replaceAll("\\s", "").contains("\"ready\":true"), START_LIMIT);
      var startTime = Duration.ofNanos(System.nanoTime() - process.startedNanos());
      var told =
          process.await(
              "to write demo.env",
              () -> Optional.of(DemoEnv.of(data)).filter(env -> env.find("DEVICE_ID").isPresent()),
              START_LIMIT);
      // The file tells the ports of the first start.
      var env =
          told.with("API_URL", "http://127.0.0.1:" + ports.get(0))
              .with("MQTT_URL", "mqtt://127.0.0.1:" + ports.get(1));
      return new StarlingProcess(process, env, startTime, health, ports.get(4));
    } catch (IllegalStateException e) {
      process.close();
      throw e;
    }
  }

  private static Launch launch(ServerOptions options, Path data, List<Integer> ports) {
    var environment = new HashMap<>(options.environment());
    environment.put("STARLING_DATA", data.toString());
    environment.put("STARLING_HOST", "127.0.0.1");
    environment.put("STARLING_API_PORT", ports.get(0).toString());
    environment.put("STARLING_MQTT_PORT", ports.get(1).toString());
    environment.put("STARLING_WEBSOCKET_PORT", ports.get(2).toString());
    environment.put("STARLING_HEALTH_PORT", ports.get(3).toString());
    environment.put("STARLING_MQTT_TLS_PORT", ports.get(4).toString());
    environment.put("STARLING_WEBSOCKET_TLS_PORT", ports.get(5).toString());
    var launch =
        options.command().isEmpty()
            ? Launch.java(
                "io.starling.standalone.Main",
                options.lib().resolve("*").toString(),
                options.jvmFlags(),
                List.of())
            : Launch.program("server", options.command());
    return launch.withoutInherited("STARLING_").withEnvironment(environment);
  }

  /** What it has logged so far. */
  public List<String> output() {
    return process.output();
  }

  public DemoEnv env() {
    return env;
  }

  /** From the start of the process until its health said ready. */
  public Duration startTime() {
    return startTime;
  }

  /** A figure that its health tells of a service. */
  public long figure(String service, String name) {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(health).timeout(HEALTH_LIMIT).build();
      var body = client.send(request, BodyHandlers.ofString()).body();
      return new JsonObject(body).getJsonObject("parts").getJsonObject(service).getLong(name);
    } catch (IOException e) {
      throw new IllegalStateException("the health of the server cannot be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public Target target() {
    return Target.parse(env.get("MQTT_URL"));
  }

  /** If its environment names a certificate. */
  @Override
  public Target tlsTarget() {
    return Target.parse("mqtts://127.0.0.1:" + tlsPort).trustingAll();
  }

  @Override
  public Duration databaseCpu() {
    return postmaster.map(ProcessCost::cpuOfTree).orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    process.close();
    // A server that had to be killed leaves its database behind.
    postmaster.flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroy);
  }

  /** The embedded PostgreSQL writes its process id into its folder. */
  private static Optional<Long> findPostmaster(Path data) {
    try (var files =
        Files.find(data, DATABASE_FOLDER_DEPTH, (path, _) -> path.endsWith("postmaster.pid"))) {
      var file = files.findFirst();
      return file.isEmpty()
          ? Optional.empty()
          : Optional.of(Long.parseLong(Files.readAllLines(file.get()).getFirst().strip()));
    } catch (IOException e) {
      throw new IllegalStateException("could not look for the database in " + data, e);
    }
  }
}
