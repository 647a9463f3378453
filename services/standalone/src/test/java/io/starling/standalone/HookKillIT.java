package io.starling.standalone;

import static io.starling.standalone.Waiting.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.embedded.EmbeddedDatabase;
import io.starling.testing.account.CloudApi;
import io.starling.testing.sink.Delivery;
import io.starling.testing.sink.Reply;
import io.starling.testing.sink.WebhookSink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The whole server is killed at each step of a delivery, and started again: every event that was
 * acknowledged is taken by the endpoint, and what comes to it twice bears the same webhook-id.
 */
class HookKillIT {
  private static final int EVENTS = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path folder;
  private static final Vertx VERTX = Vertx.vertx();
  private static EmbeddedDatabase database;
  private static Server server;
  private static CloudApi api;

  /** Of this step's endpoint: the ids that each event came under. */
  private final Map<String, Set<String>> ids = new ConcurrentHashMap<>();

  private final Set<String> taken = ConcurrentHashMap.newKeySet();

  /** In which order they were taken first. */
  private final List<String> order = new CopyOnWriteArrayList<>();

  private final AtomicInteger repeated = new AtomicInteger();
  private final AtomicInteger arrived = new AtomicInteger();
  private volatile boolean healed;

  /** When the process dies. */
  enum Step {
    /** Some requests are not answered yet, and others not even made. */
    BEFORE_AND_DURING_REQUESTS,
    /** Requests were answered, and no cursor has moved. */
    AFTER_ANSWERS,
    BETWEEN_ATTEMPTS,
    WHILE_PARKING,
    WHILE_PARKED_ONES_ARE_DELIVERED
  }

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.start(folder.resolve("database"));
    server =
        new Server(folder.resolve("data"))
            .with(database)
            .with("STARLING_WEBHOOK_PARK_AFTER", "1s")
            .start();
    api = get(CloudApi.logIn(VERTX, server.demo()));
  }

  @AfterAll
  static void stop() {
    server.close();
    database.close();
    get(VERTX.close());
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLostAndRepeatsBearTheSameId(Step step) {
    dies(step, false);
  }

  @ParameterizedTest
  @EnumSource(names = {"WHILE_PARKING", "WHILE_PARKED_ONES_ARE_DELIVERED"})
  void whatIsOwedInOrderComesInOrderAllTheSame(Step step) {
    dies(step, true);
    assertThat(order).isEqualTo(numbers());
  }

  private void dies(Step step, boolean ordered) {
    var sink = get(WebhookSink.open(VERTX, 0, 0));
    sink.answer(delivery -> answer(step, delivery));
    String name = step.name() + "/" + ordered;
    get(
        api.post(
            "/v1/integrations",
            new JsonObject()
                .put("event", name)
                .put("url", sink.url())
                .put("integration_type", "Webhook")
                .put("ordered", ordered)));
    publish(name, ordered);
    if (step == Step.WHILE_PARKED_ONES_ARE_DELIVERED) {
      until(() -> parked() > EVENTS / 2);
      healed = true;
    }
    until(reached(step));
    server.process().kill();
    int before = taken.size();
    sink.answer(this::take);
    server.start();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(taken).hasSize(EVENTS).containsAll(numbers()));
    System.out.printf("%s: %d taken by then, %d requests again%n", step, before, repeated.get());
    assertThat(ids.values()).as("ids of one event").allSatisfy(of -> assertThat(of).hasSize(1));
    get(sink.close());
  }

  private static List<String> numbers() {
    return IntStream.range(0, EVENTS).mapToObj(Integer::toString).toList();
  }

  /** Each is acknowledged before this returns, and before the next if they are in order. */
  private static void publish(String name, boolean ordered) {
    var asked = new ArrayList<Future<?>>();
    for (String number : numbers()) {
      var event = new JsonObject().put("name", name).put("data", number);
      var posted = api.post("/v1/devices/events", event);
      asked.add(posted);
      if (ordered) {
        get(posted);
      }
    }
    get(Future.all(asked));
  }

  private BooleanSupplier reached(Step step) {
    return switch (step) {
      case BEFORE_AND_DURING_REQUESTS -> () -> arrived.get() >= 20;
      case AFTER_ANSWERS -> () -> taken.size() >= 20;
      case BETWEEN_ATTEMPTS -> () -> repeated.get() >= 1;
      case WHILE_PARKING -> () -> parked() > 0;
      case WHILE_PARKED_ONES_ARE_DELIVERED -> () -> taken.size() >= 5;
    };
  }

  private Reply answer(Step step, Delivery delivery) {
    return switch (step) {
      case BEFORE_AND_DURING_REQUESTS -> refuse(delivery, new Reply.Hang());
      case AFTER_ANSWERS -> taken.size() < 20 ? take(delivery) : refuse(delivery, new Reply.Hang());
      case BETWEEN_ATTEMPTS, WHILE_PARKING -> refuse(delivery, Reply.status(500));
      case WHILE_PARKED_ONES_ARE_DELIVERED ->
          healed ? take(delivery) : refuse(delivery, Reply.status(500));
    };
  }

  private Reply take(Delivery delivery) {
    String number = note(delivery);
    if (taken.add(number)) {
      order.add(number);
    }
    return Reply.status(200);
  }

  private Reply refuse(Delivery delivery, Reply reply) {
    var _ = note(delivery);
    return reply;
  }

  private String note(Delivery delivery) {
    arrived.incrementAndGet();
    String number = form(delivery).replaceAll(".*&data=(\\d+)&.*", "$1");
    var seen = ids.computeIfAbsent(number, _ -> ConcurrentHashMap.newKeySet());
    if (!seen.isEmpty()) {
      repeated.incrementAndGet();
    }
    seen.add(delivery.headers().get("webhook-id"));
    return number;
  }

  private static String form(Delivery delivery) {
    return "&" + delivery.text() + "&";
  }

  private static void until(BooleanSupplier reached) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(reached::getAsBoolean);
  }

  private static int parked() {
    try (var connection = DriverManager.getConnection(database.jdbcUrl());
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM webhooks.delivery WHERE state = 'parked'")) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
