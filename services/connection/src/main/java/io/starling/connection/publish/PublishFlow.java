package io.starling.connection.publish;

import io.starling.connection.mqtt.AckCode;
import io.starling.connection.mqtt.CloseReason;
import io.starling.connection.mqtt.Link;
import io.starling.connection.publish.PublishMeters.Result;
import io.starling.contract.Event;
import io.starling.contract.EventId;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one session publishes, from PUBLISH to PUBACK. Belongs to one event loop. Bounded: at most
 * {@link Limits} unacknowledged messages, more end the session; and by the quotas of the node: what
 * is beyond them is dropped at QoS 0, and refused with 0x97 at QoS 1. An MQTT 3.1.1 client, which
 * cannot be told no, is not read from until there is room again, a few seconds at most.
 */
public final class PublishFlow {
  private static final int AT_LEAST_ONCE = 1;

  private final Link link;
  private final EventIntake intake;
  private final Limits limits;
  private final Consumer<CloseReason> end;

  // for the session
  private Author author;
  private long epoch;
  private long sequence;

  // for this connection
  private final AckOrder open = new AckOrder();
  private boolean holding;
  private boolean closed;

  /**
   * How much may be unacknowledged.
   *
   * @param bytes of payloads; a single message may be larger
   */
  public record Limits(int messages, long bytes) {}

  /** A flow for one session; {@code end} ends it. */
  public PublishFlow(
      Link link,
      EventIntake intake,
      Limits limits,
      Author author,
      long epoch,
      Consumer<CloseReason> end) {
    this.link = link;
    this.intake = intake;
    this.limits = limits;
    this.author = author;
    this.epoch = epoch;
    this.end = end;
  }

  /** Whose events these are. */
  public Author author() {
    return author;
  }

  /** Takes what the directory says now. */
  public void authorChanged(Author now) {
    author = now;
  }

  /** The session has a new epoch; sequences count on. */
  public void epochChanged(long now) {
    epoch = now;
  }

  /**
   * Lets a QoS 1 message in. A repetition of one that is not acknowledged yet is the same message,
   * and is left to the acknowledgement that is due.
   *
   * @return whether to go on with it
   */
  public boolean admit(int packetId, int qos, boolean duplicate, int bytes) {
    if (qos < AT_LEAST_ONCE) {
      return true;
    }
    if (duplicate && open.isOpen(packetId)) {
      intake.meters().count(AT_LEAST_ONCE, Result.REPEATED, 1);
      return false;
    }
    if (open.size() >= limits.messages()
        || (open.size() > 0 && open.bytes() + bytes > limits.bytes())) {
      end.accept(CloseReason.RECEIVE_MAXIMUM_EXCEEDED);
      return false;
    }
    return true;
  }

  /** Appends an admitted message as an event, now or when the quotas allow it. */
  public void append(int packetId, int qos, String name, Buffer payload, long nowMillis) {
    var refused = intake.refuses(author.account());
    if (refused == null) {
      take(packetId, qos, name, payload, nowMillis);
    } else if (qos < AT_LEAST_ONCE || link.isV5()) {
      answer(packetId, qos, payload.length(), refused);
    } else {
      hold(packetId, qos, name, payload, nowMillis);
    }
  }

  /** Nothing is read behind this message before it is appended: the order stays. */
  private void hold(int packetId, int qos, String name, Buffer payload, long nowMillis) {
    holding = true;
    intake.meters().held().increment();
    link.pause();
    intake
        .room(author.account())
        .onSuccess(
            refused -> {
              holding = false;
              if (closed) {
                return;
              }
              if (refused == null) {
                take(packetId, qos, name, payload, nowMillis);
                link.resume();
              } else {
                answer(packetId, qos, payload.length(), refused);
              }
            });
  }

  private void take(int packetId, int qos, String name, Buffer payload, long nowMillis) {
    var event =
        new Event(
            new EventId(author.id(), epoch, ++sequence),
            author.origin(),
            author.account(),
            author.productId(),
            name,
            payload,
            author.classOf(name),
            nowMillis);
    if (qos < AT_LEAST_ONCE) {
      intake.append(author.shard(), event);
    } else {
      long ticket = open.open(packetId, payload.length(), System.nanoTime());
      intake.append(author.shard(), event, this, ticket);
    }
  }

  /** An admitted message that only the cloud itself was to see. */
  public void took(int packetId, int qos, int bytes) {
    answer(packetId, qos, bytes, Result.CLOUD);
  }

  /** An admitted message whose name only the cloud may use: it reaches nobody. */
  public void refuseReserved(int packetId, int qos, int bytes) {
    answer(packetId, qos, bytes, Result.RESERVED);
  }

  private void answer(int packetId, int qos, int bytes, Result result) {
    if (qos < AT_LEAST_ONCE) {
      intake.meters().count(0, result, 1);
    } else {
      settled(open.open(packetId, bytes, System.nanoTime()), result);
    }
  }

  /** What became of a message; acknowledges all whose turn it is. */
  void settled(long ticket, Result result) {
    intake.meters().count(AT_LEAST_ONCE, result, 1);
    if (closed) {
      return;
    }
    var code = code(result);
    if (code == null) {
      end.accept(
          result == Result.UNAVAILABLE ? CloseReason.SERVER_BUSY : CloseReason.QUOTA_EXCEEDED);
      return;
    }
    open.settle(ticket, code);
    acknowledge();
  }

  /** The acknowledgement of a result; null if there is none, and the session has to end. */
  private @Nullable AckCode code(Result result) {
    return switch (result) {
      case COMMITTED, CLOUD, REPEATED -> AckCode.SUCCESS;
      // MQTT 3.1.1 has no way to say no but to close; sending it again would not help.
      case RESERVED -> link.isV5() ? AckCode.NOT_AUTHORIZED : AckCode.SUCCESS;
      case REFUSED, OVERLOADED, ACCOUNT_LIMIT, NODE_LIMIT ->
          link.isV5() ? AckCode.QUOTA_EXCEEDED : null;
      case UNAVAILABLE -> null;
    };
  }

  private void acknowledge() {
    long now = System.nanoTime();
    for (var code = open.ready(); code != null; code = open.ready()) {
      link.acknowledge(open.packetId(), code);
      intake.meters().latency().record(now - open.startNanos(), TimeUnit.NANOSECONDS);
      open.remove();
    }
  }

  /** Tells whether a message has waited for its acknowledgement for longer than this. */
  public boolean isStuck(long limitNanos) {
    return open.size() > 0 && System.nanoTime() - open.startNanos() > limitNanos;
  }

  /** Tells whether nothing waits for its acknowledgement. */
  public boolean isIdle() {
    return open.size() == 0 && !holding;
  }

  /** Nothing is acknowledged from here on. */
  public void close() {
    closed = true;
  }
}
