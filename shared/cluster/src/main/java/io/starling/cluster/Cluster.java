package io.starling.cluster;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.health.Health;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process's place in its region's cluster, from {@link #join} to {@link #leave}. Thread-safe. */
public final class Cluster {
  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

  /** Requests that were sent here before the others heard that nobody serves them any more. */
  private static final long LAST_REQUESTS_MILLIS = 500;

  private static final long CLOSE_LIMIT_MILLIS = 1_000;
  private static final Duration BUS_LIMIT = Duration.ofSeconds(15);
  private static final int CONNECT_MILLIS = 1_000;
  private static final long PING_MILLIS = 1_000;

  /** With the ping's interval this is what a silent member is given: 5 s. */
  private static final long PONG_MILLIS = 4_000;

  private final HazelcastInstance instance;
  private final Vertx vertx;
  private final ClusterWatch watch;

  private Cluster(ClusterConfig config, HazelcastInstance instance, Vertx vertx, Pulse pulse) {
    this.instance = instance;
    this.vertx = vertx;
    this.watch = ClusterWatch.over(config, instance, vertx, pulse);
  }

  /**
   * Finds the cluster, joins it and opens its event bus. Blocks, usually one to three seconds and
   * at most a minute and the config's patience: for a start thread, never for an event loop.
   *
   * @param transport of the Vert.x that is made
   * @throws ClusterRefused if the process does not belong there, found nobody, or cannot start
   */
  public static Cluster join(ClusterConfig config, Transport transport) {
    var instance = Joining.join(config);
    var pulse =
        new Pulse(Registrations.of(instance), id -> Joining.name(instance, id), System::nanoTime);
    try {
      var vertx =
          Vertx.builder()
              .with(new VertxOptions().setEventBusOptions(bus(config, instance)))
              .withTransport(transport)
              .withClusterManager(new BusCluster(instance, pulse))
              .buildClustered()
              .toCompletionStage()
              .toCompletableFuture()
              .get(BUS_LIMIT.toSeconds(), TimeUnit.SECONDS);
      pulse.start(vertx);
      var cluster = new Cluster(config, instance, vertx, pulse);
      LOG.info("In {}: {}", config.clusterName(), cluster.members());
      return cluster;
    } catch (ExecutionException e) {
      throw refused(instance, config, String.valueOf(e.getCause()));
    } catch (TimeoutException _) {
      throw refused(instance, config, "not open within " + BUS_LIMIT.toSeconds() + " s");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw refused(instance, config, "told to stop");
    }
  }

  private static ClusterRefused refused(
      HazelcastInstance instance, ClusterConfig config, String why) {
    instance.getLifecycleService().terminate();
    return new ClusterRefused(
        "the event bus at %s:%d: %s".formatted(config.host(), config.busPort(), why));
  }

  private static EventBusOptions bus(ClusterConfig config, HazelcastInstance instance) {
    return new EventBusOptions()
        .setHost(instance.getCluster().getLocalMember().getAddress().getHost())
        .setPort(config.busPort())
        .setConnectTimeout(CONNECT_MILLIS)
        .setReconnectAttempts(0)
        .setClusterPingInterval(PING_MILLIS)
        .setClusterPingReplyInterval(PONG_MILLIS)
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true);
  }

  /** The Vert.x whose bus and maps are the cluster's. Closed by {@link #leave}. */
  public Vertx vertx() {
    return vertx;
  }

  /** The region's map of sessions. */
  public Sessions sessions() {
    return new Sessions(new ClusterSessions(vertx, instance.getMap(MemberSettings.SESSIONS)));
  }

  /** The members as a person reads them, this process included. */
  public List<String> members() {
    return instance.getCluster().getMembers().stream().map(Joining::name).sorted().toList();
  }

  /** The health part {@code cluster}: members, zones, whether copies are in step, merges. */
  public Health.Part health() {
    return watch.health();
  }

  /** Registers the meters {@code starling.cluster.…}. */
  public void bindTo(MeterRegistry registry) {
    watch.bindTo(registry);
  }

  /**
   * Leaves, at most some four seconds: first the requests that are still on their way here, then
   * the bus, then the copies of soft state are handed over, then the cluster. Whoever serves an
   * address has stopped before; then those in flight are answered (measured; the reverse order
   * loses them). One that arrives here in the moment between the end of a consumer and the others'
   * knowing of it is not: it has to be sent again when its deadline is over.
   */
  public Future<Void> leave() {
    Promise<Void> left = Promise.promise();
    // A thread of its own: the event loops end on the way.
    var _ = Thread.ofPlatform().name("starling-leave").start(() -> leave(left));
    return left.future();
  }

  private void leave(Promise<Void> left) {
    try {
      TimeUnit.MILLISECONDS.sleep(LAST_REQUESTS_MILLIS);
      var _ =
          vertx
              .close()
              .toCompletionStage()
              .toCompletableFuture()
              .get(CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("The bus did not close cleanly: {}", e.toString());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    try {
      instance.shutdown();
    } catch (HazelcastException | IllegalStateException e) {
      LOG.warn("The cluster was not left cleanly: {}", e.getMessage());
      instance.getLifecycleService().terminate();
    } finally {
      left.complete();
    }
  }
}
