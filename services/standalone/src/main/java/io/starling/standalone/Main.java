package io.starling.standalone;

import io.starling.bootstrap.Node;
import io.starling.bootstrap.settings.InvalidSettings;
import io.starling.cluster.Cluster;
import io.starling.cluster.ClusterRefused;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts Starling in this JVM. Exit status: 0 stopped as asked, 2 wrong use, 3 the start was
 * refused (one line says why), 70 a part failed for good.
 */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final int WRONG_USE = 2;
  private static final int REFUSED = 3;
  private static final int FAILED = 70;
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private Main() {}

  /**
   * Takes no arguments but {@code --help} and {@code --check}; settings are environment variables.
   */
  public static void main(String[] args) {
    int status = run(List.of(args), System.getenv());
    if (status >= 0) {
      System.exit(status);
    }
  }

  /** Answers an exit status, or -1 if the cloud runs until the process is told to end. */
  private static int run(List<String> args, Map<String, String> environment) {
    if (args.contains("--help") || args.contains("-h")) {
      System.out.println(Help.TEXT);
      return 0;
    }
    if (!args.isEmpty() && !args.equals(List.of("--check"))) {
      System.err.println("starling: unknown argument " + args.getFirst() + "; try --help");
      return WRONG_USE;
    }
    try {
      var config = StandaloneConfig.from(environment);
      if (args.contains("--check")) {
        System.out.println("starling: the settings are right");
        return 0;
      }
      return start(config);
    } catch (InvalidSettings e) {
      e.mistakes().forEach(mistake -> System.err.println("starling: " + mistake));
      return WRONG_USE;
    } catch (StartRefused | ClusterRefused e) {
      System.err.println("starling: " + e.getMessage());
      return REFUSED;
    }
  }

  private static int start(StandaloneConfig config) {
    var progress = new Progress(System.out);
    var data = DataFolder.take(config.data(), config.shards());
    Ports.requireFree(config.host(), Cloud.ports(config));
    var cluster =
        config
            .cluster()
            .map(
                where -> {
                  progress.step("joining the cluster " + where.clusterName());
                  return Cluster.join(where, config.sockets().transport());
                });
    var cloud = new Cloud(config, progress, cluster);
    var stop = new Stop(cloud, data, progress, config.stopLimits().all());
    stop.atExit();
    try {
      var node =
          cloud
              .start()
              .toCompletionStage()
              .toCompletableFuture()
              .get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
      demonstrate(cloud, node, config, progress);
      catchUp(cloud, progress);
      progress.step(
          "ready: API "
              + config.api().port()
              + ", MQTT "
              + config.connection().mqttPort()
              + ", WebSocket "
              + config.connection().webSocketPort()
              + ", health "
              + config.healthPort());
      progress.plain("Ctrl-C stops it; data stay in " + config.data());
      return -1;
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("The start failed", e);
      if (stop.hasBegun()) {
        return 0;
      }
      System.err.println("starling: the start failed: " + reason(e));
      stop.run();
      return e.getCause() instanceof StartRefused ? REFUSED : FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }

  /** However long it takes: what was acknowledged without this node has to be read. */
  private static void catchUp(Cloud cloud, Progress progress)
      throws InterruptedException, ExecutionException {
    var told = new AtomicReference<>("");
    var caughtUp =
        cloud.inStep(
            how -> {
              if (!told.getAndSet(how).equals(how)) {
                progress.step("journal: " + how);
              }
            });
    var _ = caughtUp.toCompletionStage().toCompletableFuture().get();
  }

  private static String reason(Exception e) {
    var cause = e.getCause() == null ? e : e.getCause();
    return cause instanceof TimeoutException
        ? "not ready within " + START_LIMIT.toSeconds() + " s"
        : String.valueOf(cause.getMessage());
  }

  private static void demonstrate(
      Cloud cloud, Node node, StandaloneConfig config, Progress progress)
      throws InterruptedException {
    if (!config.demonstration()
        || !config
            .services()
            .containsAll(java.util.EnumSet.allOf(StandaloneConfig.Service.class))) {
      return;
    }
    var demonstration = new Demonstration(node, cloud.directory(), config);
    if (!demonstration.isMissing()) {
      return;
    }
    try {
      progress.step("making a demonstration account, product and device");
      var made =
          demonstration
              .make()
              .toCompletionStage()
              .toCompletableFuture()
              .get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
      progress.plain(Help.demonstration(made, config));
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("{}", reason(e));
    }
  }
}
