package io.starling.webhooks.sink;

import com.rabbitmq.client.AMQP;
import io.starling.webhooks.request.Broker;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;

/**
 * A message on its way to a broker of AMQP, until the broker or its deadline ends that.
 * Thread-safe.
 */
final class AmqpMessage {
  private static final int PERSISTENT = 2;

  private final Broker.Message message;
  private final Context context;
  private final Promise<Void> confirmed = Promise.promise();
  private volatile boolean handed;

  /** What becomes of it is told on the context. */
  AmqpMessage(Broker.Message message, Context context) {
    this.message = message;
    this.context = context;
  }

  Broker.Message message() {
    return message;
  }

  Future<Void> confirmed() {
    return confirmed.future();
  }

  void handed() {
    handed = true;
  }

  boolean isHanded() {
    return handed;
  }

  /** Nobody waits for it any more. */
  boolean isOver() {
    return confirmed.future().isComplete();
  }

  void end() {
    var _ = confirmed.tryFail("over");
  }

  void confirm() {
    context.runOnContext(_ -> confirmed.tryComplete());
  }

  void fail(Throwable cause) {
    context.runOnContext(_ -> confirmed.tryFail(cause));
  }

  @SuppressWarnings("JavaUtilDate") // the client wants it
  AMQP.BasicProperties properties() {
    var headers = new HashMap<String, Object>(message.headers());
    Object contentType = headers.remove("content-type");
    return new AMQP.BasicProperties.Builder()
        .messageId(message.id())
        .contentType(contentType == null ? null : contentType.toString())
        .deliveryMode(PERSISTENT)
        .timestamp(new Date(message.publishedAtMillis()))
        .headers(Map.copyOf(headers))
        .build();
  }
}
