package io.starling.testing.fuzz;

import io.starling.testing.Await;
import io.starling.testing.account.CloudApi;
import io.starling.testing.account.DemoEnv;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.Target;
import io.starling.testing.fleet.EventLoops;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Many conversations, some at a time, until so many packets were said. Thread-safe. */
public final class FuzzRun {
  private static final int EVENT_LOOPS = 2;
  private static final int MOST_SAID = 120;
  private static final int DEVICES = 6;
  private static final int REMEMBERED = 20;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Target target;
  private final List<Credentials> clients;
  private final long packets;
  private final Random seeds;
  private final AtomicLong said = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

  /**
   * What came of it.
   *
   * @param packets that were said, or meant to be when the server had ended the connection
   * @param conversations how many connections there were
   * @param ended how many of them the server has ended
   * @param failures connections that hung, or on which the server said what is no MQTT; by seed
   */
  public record Report(long packets, long conversations, long ended, List<String> failures) {}

  /**
   * Conversations with this server.
   *
   * @param clients who may connect: devices by their ids, apps by other names
   */
  public FuzzRun(Target target, List<Credentials> clients, long packets, long seed) {
    this.target = target;
    this.clients = List.copyOf(clients);
    this.packets = packets;
    this.seeds = new Random(seed);
  }

  /** Some devices, and the owner's app. */
  public static List<Credentials> clients(Vertx vertx, DemoEnv env) {
    var api = Await.get(CloudApi.logIn(vertx, env), Duration.ofSeconds(35));
    try {
      var made = api.createDevices(env.get("PRODUCT_ID"), DEVICES);
      var all = new ArrayList<>(Await.get(made, Duration.ofSeconds(30)));
      all.add(new Credentials("token", api.token()));
      return all;
    } finally {
      Await.done(api.close());
    }
  }

  /** How much was said so far. */
  public long said() {
    return said.get();
  }

  /** Holds them, so many at a time. */
  public Future<Report> run(Vertx vertx, int atOnce) {
    var net = vertx.createNetClient(target.netOptions().setConnectTimeout(10_000));
    return EventLoops.open(vertx, EVENT_LOOPS)
        .compose(
            loops -> {
              var chains = new ArrayList<Future<?>>();
              for (int i = 0; i < atOnce; i++) {
                Promise<Void> end = Promise.promise();
                loops.get(i).runOnContext(_ -> another(net).onComplete(end));
                chains.add(end.future());
              }
              return Future.join(chains).eventually(loops::close).eventually(net::close);
            })
        .map(_ -> new Report(said(), held.get(), ended.get(), List.copyOf(failures)));
  }

  private Future<Void> another(NetClient net) {
    if (said.get() >= packets || failures.size() >= REMEMBERED) {
      return Future.succeededFuture();
    }
    long seed;
    synchronized (seeds) {
      seed = seeds.nextLong();
    }
    var talk = new RandomTalk(seed, clients);
    int length = 1 + talk.choose(MOST_SAID);
    said.addAndGet(length);
    held.incrementAndGet();
    return net.connect(target.port(), target.host())
        .compose(socket -> new Conversation(socket, talk).hold(length, LIMIT.toMillis()))
        .onSuccess(
            byServer -> {
              if (byServer) {
                ended.incrementAndGet();
              }
            })
        .onFailure(cause -> failures.add("seed " + seed + ": " + cause.getMessage()))
        .transform(_ -> another(net));
  }
}
