package io.starling.testing.client;

import io.starling.testing.wire.ClientPackets;
import io.starling.testing.wire.ClientPackets.Message;
import io.starling.testing.wire.Properties;
import io.starling.testing.wire.ServerPacket;
import io.starling.testing.wire.ServerPacket.ConnAck;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;

/** What a device keeps from one connection to the next, and what it does with packets. */
final class DeviceSession {
  private static final int LARGEST_WINDOW = 65_535;

  private final ClientPackets packets;
  private final Outbox outbox;
  private final Inbox inbox;
  private final Subscriptions subscriptions;

  DeviceSession(DeviceOptions options, ClientPackets packets) {
    var session = options.session();
    var ids = new PacketIds();
    this.packets = packets;
    this.outbox = new Outbox(packets, ids, options.sending());
    this.inbox = new Inbox(packets, session.acknowledges());
    this.subscriptions = new Subscriptions(packets, ids, session.connectTimeout());
  }

  void onMessage(Consumer<Received> handler) {
    inbox.add(handler);
  }

  /** Queues a publish; {@link #pump} sends it. */
  Future<Ack> publish(int sequence, Message message) {
    var entry = new Outbox.Entry(sequence, message);
    outbox.add(entry);
    return entry.answer();
  }

  Future<List<Integer>> subscribe(MqttConnection connection, int qos, List<String> filters) {
    return subscriptions.add(connection, qos, filters);
  }

  Future<Void> unsubscribe(MqttConnection connection, List<String> filters) {
    return subscriptions.remove(connection, filters);
  }

  /** A new connection stands: goes on where the last one ended, as far as the server knows it. */
  void begin(MqttConnection connection, ConnAck answer) {
    if (!answer.sessionPresent()) {
      inbox.forgetSession();
      subscriptions.restore(connection);
    }
    var window =
        (int) answer.properties().number(Properties.RECEIVE_MAXIMUM).orElse(LARGEST_WINDOW);
    var first = outbox.begin(answer.sessionPresent(), window);
    if (first.length() > 0) {
      connection.send(first);
    }
  }

  /** Sends what may go. */
  void pump(MqttConnection connection) {
    var batch = outbox.drain();
    if (batch.bytes().length() > 0) {
      connection
          .write(batch.bytes())
          .onSuccess(_ -> batch.written())
          .onFailure(failure -> batch.lost(String.valueOf(failure.getMessage())));
    }
  }

  void received(MqttConnection connection, ServerPacket packet) {
    switch (packet) {
      case ServerPacket.Publish publish -> inbox.deliver(publish).ifPresent(connection::send);
      case ServerPacket.PubAck ack -> over(connection, ack.packetId(), ack.reasonCode());
      case ServerPacket.PubComp done -> over(connection, done.packetId(), 0);
      case ServerPacket.PubRec rec when rec.reasonCode() >= 0x80 ->
          over(connection, rec.packetId(), rec.reasonCode());
      case ServerPacket.PubRec rec -> {
        outbox.received(rec.packetId());
        connection.send(packets.pubRel(rec.packetId()));
      }
      case ServerPacket.PubRel rel -> connection.send(inbox.release(rel));
      case ServerPacket.SubAck ack -> subscriptions.answered(ack.packetId(), ack.reasonCodes());
      case ServerPacket.UnsubAck ack -> subscriptions.answered(ack.packetId(), List.of());
      default -> {}
    }
  }

  /** The connection is gone; another may come. */
  void interrupted(String cause) {
    subscriptions.interrupted(cause);
    outbox.interrupted(cause);
  }

  /** No other connection will come. */
  void ended(String cause) {
    outbox.ended(cause);
  }

  private void over(MqttConnection connection, int packetId, int reasonCode) {
    outbox.answered(packetId, reasonCode);
    pump(connection);
  }
}
