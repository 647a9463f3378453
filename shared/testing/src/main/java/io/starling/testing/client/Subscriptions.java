package io.starling.testing.client;

import io.starling.testing.wire.ClientPackets;
import io.starling.testing.wire.ClientPackets.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** What a device has subscribed to, and its questions about that without an answer. */
final class Subscriptions {
  private final ClientPackets packets;
  private final PacketIds ids;
  private final Duration limit;

  // for the session
  private final Map<String, Integer> filters = new LinkedHashMap<>();

  // for this connection
  private final Map<Integer, Promise<List<Integer>>> asked = new HashMap<>();

  Subscriptions(ClientPackets packets, PacketIds ids, Duration limit) {
    this.packets = packets;
    this.ids = ids;
    this.limit = limit;
  }

  Future<List<Integer>> add(MqttConnection connection, int qos, List<String> topicFilters) {
    topicFilters.forEach(filter -> filters.put(filter, qos));
    var all = topicFilters.stream().map(filter -> new Subscription(filter, qos)).toList();
    return ask(connection, id -> packets.subscribe(id, all));
  }

  Future<Void> remove(MqttConnection connection, List<String> topicFilters) {
    topicFilters.forEach(filters::remove);
    return ask(connection, id -> packets.unsubscribe(id, topicFilters)).mapEmpty();
  }

  /** Asks again for everything, on a connection whose server has no session. */
  void restore(MqttConnection connection) {
    if (!filters.isEmpty()) {
      var all = new ArrayList<Subscription>();
      filters.forEach((filter, qos) -> all.add(new Subscription(filter, qos)));
      ask(connection, id -> packets.subscribe(id, all))
          .onFailure(_ -> connection.abandon("server does not answer SUBSCRIBE"));
    }
  }

  void answered(int packetId, List<Integer> codes) {
    var answer = asked.remove(packetId);
    if (answer != null) {
      ids.free(packetId);
      answer.tryComplete(codes);
    }
  }

  void interrupted(String cause) {
    asked.keySet().forEach(ids::free);
    var unanswered = List.copyOf(asked.values());
    asked.clear();
    unanswered.forEach(answer -> answer.tryFail(new NotSent(cause)));
  }

  private Future<List<Integer>> ask(MqttConnection connection, IntFunction<Buffer> packet) {
    var id = ids.take();
    Promise<List<Integer>> answer = Promise.promise();
    asked.put(id, answer);
    connection.send(packet.apply(id));
    return answer.future().timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
  }
}
