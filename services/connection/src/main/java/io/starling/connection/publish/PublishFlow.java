package io.starling.connection.publish;

import io.starling.connection.mqtt.AckCode;
import io.starling.connection.mqtt.CloseReason;
import io.starling.connection.mqtt.Link;
import io.starling.connection.publish.PublishMeters.Result;
import io.starling.connection.wire.Packet;
import io.starling.contract.Event;
import io.starling.contract.EventId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one session publishes, from PUBLISH to PUBACK or PUBCOMP. Belongs to one event loop.
 * Bounded: at most {@link Limits} unacknowledged messages, more end the session; and by the quotas
 * of the node: what is beyond them is dropped at QoS 0, and refused with 0x97 at QoS 1 and 2. An
 * MQTT 3.1.1 client, which cannot be told no, is not read from until there is room again, a few
 * seconds at most.
 */
public final class PublishFlow {
  private static final int AT_LEAST_ONCE = 1;
  private static final int EXACTLY_ONCE = 2;

  /** Of QoS 0, which nobody waits for. */
  private static final long NO_TICKET = -1;

  private final Link link;
  private final EventIntake intake;
  private final Limits limits;
  private final Consumer<CloseReason> end;

  // for the session
  private Author author;
  private long epoch;
  private long sequence;
  private final AwaitedReleases awaited = new AwaitedReleases();
  private int unsettled;
  private final RetainedFirst retained;

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
    this.retained = new RetainedFirst(intake, this);
  }

  /** Whose events these are. */
  public Author author() {
    return author;
  }

  /** How many events the session has published, or tried to. */
  public long published() {
    return sequence;
  }

  /** Refuses what is not understood. */
  public void refuseUnreadable(Packet.Publish publish) {
    answer(publish, Result.FALSE_TEXT);
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
   * Lets a message in. A repetition of one that is not acknowledged yet is the same message, and is
   * left to the acknowledgement that is due; one of QoS 2 is the same until its PUBREL.
   *
   * @return whether to go on with it
   */
  public boolean admit(Packet.Publish publish) {
    if (publish.qos() < AT_LEAST_ONCE) {
      return true;
    }
    if (isRepeated(publish)) {
      return false;
    }
    int bytes = publish.payload().length();
    if (open.size() + awaited.own() >= limits.messages()
        || awaited.size() >= 2 * limits.messages()
        || (open.size() > 0 && open.bytes() + bytes > limits.bytes())) {
      end.accept(CloseReason.RECEIVE_MAXIMUM_EXCEEDED);
      return false;
    }
    return true;
  }

  private boolean isRepeated(Packet.Publish publish) {
    int packetId = publish.packetId();
    boolean exactlyOnce = publish.qos() == EXACTLY_ONCE;
    if ((exactlyOnce || publish.duplicate()) && open.isOpen(packetId)) {
      intake.meters().count(publish.qos(), Result.REPEATED, 1);
      return true;
    }
    if (exactlyOnce && awaited.contains(packetId)) {
      // Behind those that are due before it: PUBREC comes in the order of PUBLISH.
      unsettled++;
      settled(open.open(packetId, true, 0, System.nanoTime()), Result.REPEATED);
      return true;
    }
    return false;
  }

  /** Appends an admitted message as an event of this name, now or when the quotas allow it. */
  public void append(Packet.Publish publish, String name, long nowMillis) {
    if (Manners.isFalseText(publish)) {
      answer(publish, Result.FALSE_TEXT);
      return;
    }
    var refused = intake.refuses(author.account());
    if (refused == null) {
      take(publish, name, nowMillis);
    } else if (publish.qos() < AT_LEAST_ONCE || link.isV5()) {
      answer(publish, refused);
    } else {
      hold(publish, name, nowMillis);
    }
  }

  /** Nothing is read behind this message before it is appended: the order stays. */
  private void hold(Packet.Publish publish, String name, long nowMillis) {
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
                take(publish, name, nowMillis);
                link.resume();
              } else {
                answer(publish, refused);
              }
            });
  }

  private void take(Packet.Publish publish, String name, long nowMillis) {
    var event =
        new Event(
            new EventId(author.id(), epoch, ++sequence),
            author.origin(),
            author.account(),
            author.productId(),
            name,
            publish.payload(),
            author.classOf(name),
            nowMillis,
            Manners.of(publish.qos(), publish.retain(), publish.properties()));
    long ticket = publish.qos() < AT_LEAST_ONCE ? NO_TICKET : open(publish);
    if (publish.retain() || !retained.isEmpty()) {
      retained.add(event, ticket);
    } else {
      append(event, ticket);
    }
  }

  /** Appends an event whose turn has come. */
  void append(Event event, long ticket) {
    if (ticket == NO_TICKET) {
      intake.append(author.shard(), event);
    } else {
      intake.append(author.shard(), event, this, ticket);
    }
  }

  /** An event that is not appended. */
  void drop(long ticket, Result why) {
    if (ticket == NO_TICKET) {
      intake.meters().count(0, why, 1);
    } else {
      settled(ticket, why);
    }
  }

  private long open(Packet.Publish publish) {
    unsettled += publish.qos() == EXACTLY_ONCE ? 1 : 0;
    return open.open(
        publish.packetId(),
        publish.qos() == EXACTLY_ONCE,
        publish.payload().length(),
        System.nanoTime());
  }

  /** An admitted message that only the cloud itself was to see. */
  public void took(Packet.Publish publish) {
    answer(publish, Result.CLOUD);
  }

  /** An admitted message whose name only the cloud may use: it reaches nobody. */
  public void refuseReserved(Packet.Publish publish) {
    answer(publish, Result.RESERVED);
  }

  /** An admitted message that the product's permissions do not allow: it reaches nobody. */
  public void refuseForbidden(Packet.Publish publish) {
    answer(publish, Result.FORBIDDEN);
  }

  /** An admitted message whose payload is not what its topic needs: it reaches nobody. */
  public void refuseMalformed(Packet.Publish publish) {
    answer(publish, Result.FALSE_TEXT);
  }

  private void answer(Packet.Publish publish, Result result) {
    if (publish.qos() < AT_LEAST_ONCE) {
      intake.meters().count(0, result, 1);
    } else {
      settled(open(publish), result);
    }
  }

  /**
   * Goes on with QoS 2 messages that were received over an earlier connection. They do not count
   * against the receive maximum of this one (MQTT 5, section 4.9).
   */
  public void resume(List<Integer> packetIds) {
    awaited.resume(packetIds);
  }

  /** The packet ids of QoS 2 messages that were received and not released. */
  public List<Integer> received() {
    return awaited.all();
  }

  /** Tells whether it is known what became of all QoS 2 messages. */
  public boolean isSettled() {
    return unsettled == 0;
  }

  /**
   * PUBREL: its packet id is free. Also one that is not known any more, after a gateway died: that
   * the message came through is what the client has to know.
   */
  public void released(int packetId) {
    var _ = awaited.remove(packetId);
    link.complete(packetId);
  }

  /** What became of a message; acknowledges all whose turn it is. */
  void settled(long ticket, Result result) {
    boolean exactlyOnce = open.isExactlyOnce(ticket);
    unsettled -= exactlyOnce ? 1 : 0;
    intake.meters().count(exactlyOnce ? EXACTLY_ONCE : AT_LEAST_ONCE, result, 1);
    var code = code(result);
    if (closed) {
      if (exactlyOnce && code == AckCode.SUCCESS) {
        // The client sends it again over its next connection, and must not publish it twice.
        awaited.add(open.packetId(ticket));
      }
      return;
    }
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
      case RESERVED, FORBIDDEN -> link.isV5() ? AckCode.NOT_AUTHORIZED : AckCode.SUCCESS;
      case FALSE_TEXT -> AckCode.PAYLOAD_FORMAT_INVALID;
      case REFUSED, OVERLOADED, ACCOUNT_LIMIT, NODE_LIMIT ->
          link.isV5() ? AckCode.QUOTA_EXCEEDED : null;
      case UNAVAILABLE -> null;
    };
  }

  private void acknowledge() {
    long now = System.nanoTime();
    for (var code = open.ready(); code != null; code = open.ready()) {
      acknowledge(open.packetId(), code);
      intake.meters().latency().record(now - open.startNanos(), TimeUnit.NANOSECONDS);
      open.remove();
    }
  }

  private void acknowledge(int packetId, AckCode code) {
    if (!open.isExactlyOnce()) {
      link.acknowledge(packetId, code);
      return;
    }
    if (code == AckCode.SUCCESS) {
      awaited.add(packetId);
    }
    link.receive(packetId, code);
  }

  /** Tells whether a message has waited for its acknowledgement for longer than this. */
  public boolean isStuck(long limitNanos) {
    return open.size() > 0 && System.nanoTime() - open.startNanos() > limitNanos;
  }

  /** Tells whether nothing waits for its acknowledgement. */
  public boolean isIdle() {
    return open.size() == 0 && !holding && retained.isEmpty();
  }

  /** Nothing is acknowledged from here on. */
  public void close() {
    closed = true;
  }
}
