package io.starling.webhooks.send;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.IntegrationId;
import io.starling.contract.Origin;
import io.starling.directory.Entry;
import io.starling.directory.SigningKey;
import io.starling.webhooks.connect.PrivateTargets;
import io.starling.webhooks.connect.Resolver;
import io.starling.webhooks.match.Hook;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A delivery client, servers, and a name server that answers as it is told, one answer after
 * another; the last one stays.
 */
final class Outside implements AutoCloseable {
  static final AccountId ACCOUNT = AccountId.of("0123456789abcdef01234567");

  /** The names that were asked for. */
  final List<String> asked = new ArrayList<>();

  private final Deque<List<InetAddress>> answers = new ArrayDeque<>();
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final PrivateTargets privates;
  private volatile Instant now = Instant.now();
  private volatile List<SigningKey> keys = List.of();
  private DeliveryClient client;

  Outside(PrivateTargets privates) {
    this(privates, Duration.ofSeconds(10));
  }

  Outside(PrivateTargets privates, Duration timeout) {
    this.privates = privates;
    use(this::answer, timeout);
  }

  /** Makes requests by another resolver. */
  void use(Resolver resolver, Duration timeout) {
    var limits = new SendLimits(timeout, 16, privates);
    client =
        onContext(
            () ->
                Future.succeededFuture(
                    new DeliveryClient(vertx, limits, resolver, _ -> keys, () -> now)));
  }

  private synchronized Future<List<InetAddress>> answer(String name) {
    asked.add(name);
    var answer = answers.size() > 1 ? answers.pop() : answers.peek();
    return answer == null || answer.isEmpty()
        ? Future.failedFuture(new UnknownHostException(name))
        : Future.succeededFuture(answer);
  }

  /** One more answer of the name server. */
  synchronized void resolves(String... addresses) {
    answers.add(Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
  }

  /** A server; its port. */
  int serve(String address, int port, Handler<HttpServerRequest> handler) {
    return serve(new HttpServerOptions(), address, port, handler);
  }

  int serve(
      HttpServerOptions options, String address, int port, Handler<HttpServerRequest> handler) {
    var server = vertx.createHttpServer(options).requestHandler(handler);
    return await(server.listen(port, address)).actualPort();
  }

  /** What time it is from now on. */
  void at(Instant instant) {
    now = instant;
  }

  /** What every request is signed by from now on. */
  void sign(List<SigningKey> by) {
    keys = by;
  }

  Vertx vertx() {
    return vertx;
  }

  static Hook hook(String url) {
    return hook(new JsonObject().put("url", url));
  }

  static Hook hook(JsonObject configuration) {
    var all = configuration.copy().put("event", "temp");
    return Hook.of(
        new Entry.Integration(
            IntegrationId.create(),
            ACCOUNT,
            "temp",
            all.getString("url"),
            false,
            all,
            Instant.EPOCH,
            null));
  }

  /** One attempt for an event with such data. */
  Exchanged post(Hook hook, String data) {
    return onContext(() -> client.attempt(hook, List.of(event(data)), "delivery-1"));
  }

  /** As many attempts at once. */
  List<Attempt> post(Hook hook, int count) {
    return onContext(
            () ->
                Future.all(
                    IntStream.range(0, count)
                        .mapToObj(i -> client.attempt(hook, List.of(event("{}")), "delivery-" + i))
                        .toList()))
        .<Exchanged>list()
        .stream()
        .map(Exchanged::attempt)
        .toList();
  }

  private static Event event(String data) {
    return new Event(
        new EventId(DeviceId.of("00112233445566778899aabb"), 42, 1),
        Origin.DEVICE,
        ACCOUNT,
        0,
        "temp",
        Buffer.buffer(data),
        EventClass.NORMAL,
        System.currentTimeMillis());
  }

  private <T> T onContext(Supplier<Future<T>> work) {
    Promise<T> done = Promise.promise();
    context.runOnContext(_ -> work.get().onComplete(done));
    return await(done.future());
  }

  Exchanged post(String url) {
    return post(hook(url), "{}");
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    var _ = await(vertx.close());
  }
}
