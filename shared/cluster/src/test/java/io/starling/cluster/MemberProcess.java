package io.starling.cluster;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.settings.Settings;
import io.starling.contract.DeviceId;
import io.starling.contract.EventClass;
import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayRequest;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A member as a process of its own, steered over HTTP. Serves {@code gateway.<node>}, {@code
 * relay.<node>} and, with everybody else, {@code relay.shared}.
 */
final class MemberProcess {
  private static final Duration DEADLINE = Duration.ofSeconds(1);
  private static final DeviceId DEVICE = DeviceId.create();

  private final String node;
  private final Cluster cluster;
  private final Vertx vertx;
  private final Bus bus;
  private final List<Bus.Registration> served = new ArrayList<>();
  private final Sessions sessions;

  private MemberProcess(String node, Cluster cluster) throws Exception {
    this.node = node;
    this.cluster = cluster;
    this.vertx = cluster.vertx();
    this.bus = new Bus(vertx);
    this.sessions = cluster.sessions();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
  }

  public static void main(String[] args) throws Exception {
    var settings = new Settings(System.getenv());
    var node = settings.text("STARLING_NODE", "node");
    var config =
        ClusterConfig.from(
            settings,
            settings.text("STARLING_REGION", "test"),
            node,
            settings.flag("STARLING_RELAY", true));
    settings.check();
    try {
      new MemberProcess(node, Cluster.join(config.orElseThrow(), Transport.NIO)).run();
    } catch (ClusterRefused e) {
      System.out.println("starling: " + e.getMessage());
      System.exit(3);
    }
  }

  private void run() throws Exception {
    served.add(
        get(
            bus.serve(
                "gateway." + node,
                GatewayRequest.CallFunction.class,
                call ->
                    Future.succeededFuture(new GatewayReply.Returned(call.argument().length())))));
    for (String name : List.of(node, "shared")) {
      served.add(
          get(
              bus.serve(
                  "relay." + name,
                  RelayRequest.Append.class,
                  append ->
                      Future.succeededFuture(
                          new RelayReply.Appended(
                              EventClass.valueOf(append.events().toString()))))));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::leave));
    var server = get(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    System.out.println("ready " + server.actualPort());
  }

  private void leave() {
    try {
      for (var registration : served) {
        var _ = get(registration.end().map(true));
      }
      var _ = get(cluster.leave().map(true));
      System.out.println("left");
    } catch (Exception e) {
      System.out.println("could not leave: " + e);
    }
  }

  private void answer(HttpServerRequest request) {
    var done = Future.succeededFuture(request).compose(this::handle);
    var _ =
        done.onSuccess(text -> request.response().end(text))
            .onFailure(e -> request.response().setStatusCode(503).end(e + "\n"));
  }

  private Future<String> handle(HttpServerRequest request) {
    return switch (request.path()) {
      case "/health" -> Future.succeededFuture(cluster.health().toString());
      case "/call" ->
          bus.ask(
                  new GatewayRequest.CallFunction(
                      request.getParam("node"), DEVICE, 7, "led", "12345", 500),
                  DEADLINE)
              .map(Object::toString);
      case "/append" -> append(request.getParam("node"), DEADLINE);
      case "/storm" -> storm(Integer.parseInt(request.getParam("count")));
      case "/put" -> put(request.getParam("client"), Long.parseLong(request.getParam("epoch")));
      case "/get" ->
          sessions
              .find(request.getParam("client"))
              .map(entry -> entry.map(SessionEntry::epoch).orElse(0L).toString());
      default -> Future.failedFuture("no such path");
    };
  }

  private Future<String> append(String relay, Duration deadline) {
    return bus.ask(new RelayRequest.Append(relay, 1, Buffer.buffer("CRITICAL")), deadline)
        .map(Object::toString);
  }

  /**
   * Requests at short intervals to whoever serves, sent once more if nobody answers, as services
   * do; answers how many ended how.
   */
  private Future<String> storm(int count) {
    var all = new ArrayList<Future<String>>();
    Future<?> pace = Future.succeededFuture();
    for (int i = 0; i < count; i++) {
      pace =
          pace.compose(_ -> vertx.timer(10, TimeUnit.MILLISECONDS))
              .onSuccess(
                  _ ->
                      all.add(
                          append("shared", Duration.ofSeconds(2))
                              .map("ok")
                              .recover(_ -> append("shared", Duration.ofSeconds(8)).map("ok again"))
                              .otherwise(Throwable::toString)));
    }
    return pace.compose(_ -> Future.join(all))
        .map(
            _ ->
                all.stream()
                    .collect(Collectors.groupingBy(Future::result, Collectors.counting()))
                    .toString());
  }

  private Future<String> put(String client, long epoch) {
    return sessions
        .put(client, new SessionEntry(node, epoch, true, epoch, "::1"))
        .map(before -> Map.of("before", before).toString());
  }
}
