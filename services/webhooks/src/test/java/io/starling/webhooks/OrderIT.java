package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of each device one delivery after the other, where an integration asks for it. */
final class OrderIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int DEVICES = 20;

  private final Stage stage = new Stage();
  private final Set<String> blocked = ConcurrentHashMap.newKeySet();

  @AfterEach
  void close() {
    stage.close();
  }

  private IntegrationId hook(JsonObject more) {
    return stage.orderedHook(blocked, more);
  }

  /** Rounds in which each device publishes one event, the blocked ones ten. */
  private void publish(IntegrationId id, int rounds) {
    for (int round = 0; round < rounds; round++) {
      var events = new ArrayList<Event>();
      for (int i = 0; i < DEVICES; i++) {
        var device = Stage.device(i);
        int count = blocked.contains(device.toString()) ? 10 : 1;
        for (int j = 0; j < count; j++) {
          events.add(stage.event(device, "temp", "x".repeat(500)));
        }
      }
      stage.ledger.owe(id, stage.relay.end(), events);
      stage.relay.append(events);
    }
  }

  private boolean othersAreDone(IntegrationId id) {
    return stage.ledger.open(id).stream().allMatch(one -> blocked.contains(one.substring(0, 24)));
  }

  private void allEnds(IntegrationId id) {
    blocked.clear();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(stage.ledger.open(id)).isEmpty());
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(stage.relay.cursors())
                    .containsOnlyKeys("webhooks")
                    .containsEntry("webhooks", stage.relay.end()));
    assertThat(stage.ledger.mistakes()).isEmpty();
    assertThat(stage.sink.received("/hook").stream().map(Sink.Received::webhookId).distinct())
        .hasSize(stage.ledger.all(id).size());
  }

  @Test
  void aDeviceThatIsStuckHoldsUpItselfOnlyAndComesInOrderLater() {
    var id = hook(new JsonObject());
    blocked.add(Stage.device(3).toString());
    blocked.add(Stage.device(7).toString());
    var life = stage.start();
    for (int i = 0; i < 10; i++) {
      publish(id, 30);
      await().atMost(PATIENCE).until(() -> othersAreDone(id));
    }
    // Of 6000 events that wait, at about 1 KiB each, few are held.
    assertThat(life.meters().get("starling.webhooks.memory_bytes").gauge().value())
        .isLessThan(1 << 20);
    assertThat(stage.sink.received("/hook").size()).isLessThan(300 * 18 + 500);
    allEnds(id);
  }

  @Test
  void aCrashWhileADeviceIsStuckChangesNoOrder() {
    var id = hook(new JsonObject());
    blocked.add(Stage.device(3).toString());
    var first = stage.start();
    publish(id, 100);
    await().atMost(PATIENCE).until(() -> othersAreDone(id));
    first.crash();
    publish(id, 20);
    var _ = stage.start();
    await().atMost(PATIENCE).until(() -> othersAreDone(id));
    allEnds(id);
  }

  @Test
  void anEndpointThatIsBackGetsAllInOrderAtItsRate() {
    var id = hook(new JsonObject().put("rate", 400));
    for (int i = 0; i < DEVICES; i++) {
      blocked.add(Stage.device(i).toString());
    }
    var _ = stage.start();
    publish(id, 5);
    await().atMost(PATIENCE).until(() -> stage.sink.received("/hook").size() > 10);
    publish(id, 3);
    int before = stage.sink.received("/hook").size();
    long back = System.currentTimeMillis();
    allEnds(id);
    var times =
        stage.sink.received("/hook").stream().skip(before).map(Sink.Received::atMillis).toList();
    long millis = times.getLast() - back;
    System.out.printf("%d deliveries in order at 400 a second: %d ms%n", times.size(), millis);
    for (int i = 400; i < times.size(); i++) {
      // A second's worth, and a tenth of it in advance.
      assertThat(times.get(i) - times.get(i - 400)).isGreaterThan(850);
    }
  }

  @Test
  void orderCanBeSwitchedOffWhileADeviceIsStuck() {
    var id = hook(new JsonObject());
    var stuck = Stage.device(3).toString();
    blocked.add(stuck);
    var life = stage.start();
    publish(id, 100);
    await().atMost(PATIENCE).until(() -> othersAreDone(id));
    var before = life.copy().integration(id).orElseThrow();
    var _ =
        stage.hook(id, new JsonObject().put("event", "temp").put("url", stage.sink.url("/hook")));
    await().atMost(PATIENCE).until(() -> !life.copy().integration(id).orElseThrow().equals(before));
    var took = new AtomicBoolean();
    stage.sink.on(
        "/hook",
        request -> {
          took.set(true);
          stage.take(id, request);
          return 200;
        });
    publish(id, 5);
    allEnds(id);
    assertThat(took).isTrue();
  }
}
