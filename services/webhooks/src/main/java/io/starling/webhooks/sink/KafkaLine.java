package io.starling.webhooks.sink;

import io.starling.webhooks.request.Broker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A producer of Kafka, acknowledged by all replicas in step. It may block when it is handed a
 * record, so it has a thread of its own.
 */
final class KafkaLine implements Line {
  private static final int BUFFER_BYTES = 8 << 20;
  private static final int BLOCK_MILLIS = 3_000;
  private static final int LINGER_MILLIS = 2;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Broker broker;
  private final int timeoutMillis;
  private final WorkerExecutor worker;

  /** Of the worker's thread alone. */
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  KafkaLine(Vertx vertx, Broker broker, Duration timeout) {
    this.vertx = vertx;
    this.broker = broker;
    this.timeoutMillis = (int) Math.max(timeout.toMillis(), BLOCK_MILLIS);
    this.worker = vertx.createSharedWorkerExecutor("kafka-" + System.identityHashCode(this), 1);
  }

  @Override
  public Future<Void> publish(Broker.Message message) {
    if (message.topic().isEmpty()) {
      return Future.failedFuture(new IllegalArgumentException("topic renders to nothing"));
    }
    Promise<Void> acknowledged = Promise.promise();
    var context = vertx.getOrCreateContext();
    Callable<Void> hand =
        () -> {
          // Called back by a thread of Kafka's.
          var _ =
              producer()
                  .send(
                      record(message),
                      (_, failure) -> context.runOnContext(_ -> end(acknowledged, failure)));
          return null;
        };
    return worker.executeBlocking(hand).compose(_ -> acknowledged.future(), KafkaLine::refused);
  }

  private static void end(Promise<Void> acknowledged, @Nullable Exception failure) {
    if (failure == null) {
      acknowledged.complete();
    } else {
      var _ = refused(failure).onFailure(acknowledged::fail);
    }
  }

  /** What will never be taken is told apart from what may be later. */
  private static Future<Void> refused(Throwable failure) {
    return Future.failedFuture(
        failure instanceof RecordTooLargeException || failure instanceof InvalidTopicException
            ? new IllegalArgumentException(failure.getMessage())
            : failure);
  }

  private static ProducerRecord<byte[], byte[]> record(Broker.Message message) {
    byte[] key = message.key().isEmpty() ? null : bytes(message.key());
    var made = new ProducerRecord<>(message.topic(), key, message.body());
    message.headers().forEach((name, value) -> made.headers().add(name, bytes(value)));
    return made;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private KafkaProducer<byte[], byte[]> producer() {
    if (producer == null) {
      producer =
          new KafkaProducer<>(settings(), new ByteArraySerializer(), new ByteArraySerializer());
    }
    return producer;
  }

  private Map<String, Object> settings() {
    var all = new HashMap<String, Object>();
    all.put(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        broker.hosts().stream().map(Broker.Host::toString).collect(Collectors.joining(",")));
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMillis);
    all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis - LINGER_MILLIS);
    all.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
    all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
    var credentials = broker.credentials();
    String security = broker.secure() ? "SSL" : "PLAINTEXT";
    if (credentials != null) {
      all.put(SaslConfigs.SASL_MECHANISM, broker.secure() ? "PLAIN" : "SCRAM-SHA-512");
      all.put(SaslConfigs.SASL_JAAS_CONFIG, jaas(broker.secure(), credentials));
      security = "SASL_" + security;
    }
    all.put("security.protocol", security);
    return all;
  }

  /** A password goes in clear over TLS only. */
  private static String jaas(boolean secure, Broker.Credentials credentials) {
    String module = secure ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
    return "org.apache.kafka.common.security.%s required username=\"%s\" password=\"%s\";"
        .formatted(module, quoted(credentials.username()), quoted(credentials.password()));
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  @Override
  public void close() {
    Callable<Void> end =
        () -> {
          if (producer != null) {
            producer.close(CLOSE_LIMIT);
          }
          return null;
        };
    var _ = worker.executeBlocking(end).onComplete(_ -> worker.close());
  }
}
