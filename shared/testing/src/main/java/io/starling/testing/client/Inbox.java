package io.starling.testing.client;

import io.starling.testing.wire.ClientPackets;
import io.starling.testing.wire.ServerPacket.PubRel;
import io.starling.testing.wire.ServerPacket.Publish;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What reaches a device: hands each message on, QoS 2 once, and says how to acknowledge it. */
final class Inbox {
  private final ClientPackets packets;
  private final boolean acknowledges;
  private final List<Consumer<Received>> handlers = new CopyOnWriteArrayList<>();

  // for the session
  private final Set<Integer> unreleased = new HashSet<>();

  Inbox(ClientPackets packets, boolean acknowledges) {
    this.packets = packets;
    this.acknowledges = acknowledges;
  }

  void add(Consumer<Received> handler) {
    handlers.add(handler);
  }

  void forgetSession() {
    unreleased.clear();
  }

  Optional<Buffer> deliver(Publish p) {
    if (p.qos() < 2 || unreleased.add(p.packetId())) {
      var message =
          new Received(p.topic(), p.payload(), p.qos(), p.retain(), p.duplicate(), p.properties());
      handlers.forEach(handler -> handler.accept(message));
    }
    if (p.qos() == 0 || !acknowledges) {
      return Optional.empty();
    }
    return Optional.of(p.qos() == 1 ? packets.pubAck(p.packetId()) : packets.pubRec(p.packetId()));
  }

  Buffer release(PubRel rel) {
    unreleased.remove(rel.packetId());
    return packets.pubComp(rel.packetId());
  }
}
