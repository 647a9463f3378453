package io.starling.webhooks.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.testing.server.FreePorts;
import io.starling.testing.server.TestAuthority;
import io.starling.webhooks.request.Broker;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a line of AMQP makes of the answers of a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AmqpLineIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration TIMEOUT = Duration.ofSeconds(8);

  private final Vertx vertx = Vertx.vertx();
  private final RabbitBroker broker;
  private final SocketFactory trusting;

  AmqpLineIT(@TempDir Path folder) throws IOException, GeneralSecurityException {
    var authority = TestAuthority.make(folder);
    trusting = RabbitBroker.trusting(authority);
    broker = new RabbitBroker(Files.createDirectory(folder.resolve("rabbitmq")), authority);
    broker.start();
  }

  @AfterAll
  void close() {
    broker.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private JsonObject plain() {
    return configuration("amqp://127.0.0.1:" + broker.port());
  }

  private static JsonObject configuration(String url) {
    return new JsonObject().put("integration_type", "AMQP").put("url", url);
  }

  private Line line(JsonObject configuration, Duration timeout, SocketFactory tls) {
    return new AmqpLine(
        vertx, Objects.requireNonNull(Broker.of(configuration)), timeout, () -> tls);
  }

  private Line line(JsonObject configuration) {
    return line(configuration, TIMEOUT, SSLSocketFactory.getDefault());
  }

  private static Broker.Message message(String exchange, String key, int bytes) {
    return new Broker.Message("id", exchange, key, Map.of(), new byte[bytes], 0);
  }

  /** Why a message was not taken; null if it was. */
  private static @Nullable Throwable failure(Future<Void> published) {
    try {
      var _ =
          published
              .toCompletionStage()
              .toCompletableFuture()
              .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
              .join();
      return null;
    } catch (CompletionException e) {
      return e.getCause();
    }
  }

  private @Nullable Throwable failure(Line line, Broker.Message message) {
    return failure(vertx.getOrCreateContext(), line, message);
  }

  private static @Nullable Throwable failure(Context context, Line line, Broker.Message message) {
    var published = Promise.<Void>promise();
    context.runOnContext(_ -> line.publish(message).onComplete(published));
    return failure(published.future());
  }

  private @Nullable Throwable failureOnce(
      JsonObject configuration, SocketFactory tls, Broker.Message message) {
    var line = line(configuration, TIMEOUT, tls);
    try {
      return failure(line, message);
    } finally {
      line.close();
    }
  }

  @Test
  void aFullQueueThatRefusesIsAFailureThatMayPass() {
    broker.queue("full", Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
    var line = line(plain());
    assertThat(failure(line, message("", "full", 9)))
        .isInstanceOf(IOException.class)
        .hasMessage("the broker has not taken it (nack)");
    broker.queue("roomy", Map.of());
    assertThat(failure(line, message("", "roomy", 9))).isNull();
    assertThat(broker.take("roomy")).hasSize(1);
    line.close();
  }

  @Test
  void aConnectionThatTheBrokerClosesIsOpenedAgain() {
    broker.queue("there", Map.of());
    var line = line(plain());
    assertThat(failure(line, message("missing", "k", 9)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("NOT_FOUND - no exchange 'missing'");
    assertThat(failure(line, message("", "there", 9))).isNull();
    assertThat(failure(line, message("amq.rabbitmq.trace", "k", 9)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ACCESS_REFUSED");
    assertThat(failure(line, message("", "there", 9))).isNull();
    line.close();
  }

  @Test
  void whatIsTooLargeWillNeverBeTaken() {
    broker.queue("small", Map.of());
    var line = line(plain());
    assertThat(failure(line, message("", "small", RabbitBroker.MOST_BYTES + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("message size " + (RabbitBroker.MOST_BYTES + 1));
    assertThat(failure(line, message("", "k".repeat(256), 9)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key is longer than 255 bytes");
    assertThat(failure(line, message("", "small", RabbitBroker.MOST_BYTES))).isNull();
    line.close();
  }

  @Test
  void theHostsTakeTurns() {
    broker.queue("turns", Map.of());
    int nobody = FreePorts.take(1).getFirst();
    var line = line(configuration("amqp://127.0.0.1:" + nobody + ",127.0.0.1:" + broker.port()));
    assertThat(failure(line, message("", "turns", 9))).hasMessageContaining("Connection refused");
    assertThat(failure(line, message("", "turns", 9))).isNull();
    line.close();
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() {
    var auth = new JsonObject().put("username", "guest").put("password", "not-it");
    assertThat(
            failureOnce(
                plain().put("auth", auth), SSLSocketFactory.getDefault(), message("", "k", 9)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Login was refused")
        .message()
        .doesNotContain("not-it");
  }

  @Test
  void aMissingVirtualHostIsTold() {
    var elsewhere = configuration("amqp://127.0.0.1:" + broker.port() + "/nowhere");
    assertThat(failureOnce(elsewhere, SSLSocketFactory.getDefault(), message("", "k", 9)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("vhost nowhere not found");
  }

  @Test
  void aSecureBrokerHasToBeTheOneThatItsCertificateNames() {
    broker.queue("secure", Map.of());
    var message = message("", "secure", 9);
    String rest = ":" + broker.tlsPort();
    assertThat(failureOnce(configuration("amqps://localhost" + rest), trusting, message)).isNull();
    assertThat(failureOnce(configuration("amqps://127.0.0.1" + rest), trusting, message))
        .hasMessageContaining("No subject alternative names matching IP address 127.0.0.1");
    var untrusting = SSLSocketFactory.getDefault();
    assertThat(failureOnce(configuration("amqps://localhost" + rest), untrusting, message))
        .hasMessageContaining("unable to find valid certification path");
    assertThat(broker.take("secure")).hasSize(1);
  }

  /** The alarm of memory: the broker reads nothing more from those who publish. */
  @Test
  void aBrokerThatBlocksItsPublishersHangsNobody() {
    broker.queue("blocked", Map.of());
    var line = line(plain(), Duration.ofSeconds(2), SSLSocketFactory.getDefault());
    assertThat(failure(line, message("", "blocked", 9))).isNull();
    var _ = broker.tell("vm_memory_monitor:set_vm_memory_high_watermark(0.00001).");
    try {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(failure(line, message("", "blocked", 9)))
                      .isNotNull()
                      .hasMessageContaining("the broker takes nothing now: low on memory"));
    } finally {
      var _ = broker.tell("vm_memory_monitor:set_vm_memory_high_watermark(0.4).");
    }
    await().atMost(PATIENCE).until(() -> failure(line, message("", "blocked", 9)) == null);
    line.close();
  }

  @Test
  void aFrozenBrokerIsNoticedByItsSilence() {
    broker.queue("silent", Map.of());
    var line = line(plain(), Duration.ofMinutes(1), SSLSocketFactory.getDefault());
    assertThat(failure(line, message("", "silent", 9))).isNull();
    broker.process().freeze();
    try {
      assertThat(failure(line, message("", "silent", 9)))
          .isInstanceOf(IOException.class)
          .hasMessage("the broker is silent");
    } finally {
      broker.process().thaw();
    }
    assertThat(failure(line, message("", "silent", 9))).isNull();
    line.close();
  }

  /** It reads so little that the write blocks, which no heartbeat can interrupt. */
  @Test
  void aWriteThatIsStuckEndsAtItsDeadline() {
    broker.queue("stuck", Map.of());
    var context = vertx.getOrCreateContext();
    var line = line(plain(), Duration.ofSeconds(2), SSLSocketFactory.getDefault());
    assertThat(failure(context, line, message("", "stuck", 9))).isNull();
    broker.process().freeze();
    try {
      var published = flood(context, line, "stuck");
      await().atMost(PATIENCE).until(AmqpLineIT::writes);
      // The first whose deadline passes ends it for those beside.
      assertThat(published.stream().map(AmqpLineIT::failure).toList())
          .doesNotContainNull()
          .hasAtLeastOneElementOfType(TimeoutException.class);
      // Long before the broker's silence is noticed.
      await().atMost(Duration.ofSeconds(3)).until(() -> !writes());
    } finally {
      broker.process().thaw();
    }
    await().atMost(PATIENCE).until(() -> failure(context, line, message("", "stuck", 9)) == null);
    line.close();
  }

  /** More than fits between here and a broker that does not read. */
  private static List<Future<Void>> flood(Context context, Line line, String queue) {
    return IntStream.range(0, 100)
        .mapToObj(
            _ -> {
              var one = Promise.<Void>promise();
              var big = message("", queue, RabbitBroker.MOST_BYTES);
              context.runOnContext(_ -> line.publish(big).onComplete(one));
              return one.future();
            })
        .toList();
  }

  /** Whether the thread of a line is in a write. */
  private static boolean writes() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().startsWith("amqp-"))
        .flatMap(thread -> Arrays.stream(thread.getValue()))
        .anyMatch(frame -> frame.getMethodName().equals("basicPublish"));
  }

  @Test
  void closingFreesWhatIsStuck() {
    broker.queue("closed", Map.of());
    var context = vertx.getOrCreateContext();
    var line = line(plain(), Duration.ofMinutes(1), SSLSocketFactory.getDefault());
    assertThat(failure(context, line, message("", "closed", 9))).isNull();
    broker.process().freeze();
    try {
      var published = flood(context, line, "closed");
      await().atMost(PATIENCE).until(AmqpLineIT::writes);
      line.close();
      // Long before the broker's silence is noticed.
      await().atMost(Duration.ofSeconds(5)).until(() -> !writes());
      assertThat(published).allSatisfy(one -> assertThat(failure(one)).isNotNull());
    } finally {
      broker.process().thaw();
    }
  }

  @Test
  void whoAcceptsAndSaysNothingIsLeftAtTheDeadline() throws IOException {
    try (var mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var line =
          line(
              configuration("amqp://127.0.0.1:" + mute.getLocalPort()),
              Duration.ofMillis(300),
              SSLSocketFactory.getDefault());
      assertThat(failure(line, message("", "k", 9))).isInstanceOf(TimeoutException.class);
      line.close();
    }
  }
}
