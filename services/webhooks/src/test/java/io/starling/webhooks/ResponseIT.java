package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.Event;
import io.starling.contract.Origin;
import io.starling.contract.RelayRequest;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is told of deliveries, over a journal in memory and a real HTTP server. */
final class ResponseIT {
  private final Stage stage = new Stage();

  @BeforeAll
  static void bePatient() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private List<String> told() {
    return stage.relay.appended().stream().map(event -> event.name() + "=" + event.data()).toList();
  }

  private void cursorAtEnd() {
    await()
        .untilAsserted(
            () -> assertThat(stage.relay.cursors()).containsEntry("webhooks", stage.relay.end()));
  }

  @Test
  void tellsWhatWasAnsweredInOrderAndStartsNoWebhookByIt() {
    var _ = stage.hook("temp", "/hook");
    var _ = stage.hook("hook", "/loop");
    stage.sink.body("/hook", Buffer.buffer("a".repeat(512) + "b"));
    var life = stage.start();
    stage.publish("temp", 1);
    await()
        .untilAsserted(
            () ->
                assertThat(told())
                    .containsExactly(
                        "hook-sent/temp=",
                        "hook-response/temp/0=" + "a".repeat(512),
                        "hook-response/temp/1=b"));
    cursorAtEnd();
    assertThat(stage.sink.received("/loop")).isEmpty();
    assertThat(stage.relay.appended())
        .allSatisfy(
            event -> {
              assertThat(event.origin()).isEqualTo(Origin.CLOUD);
              assertThat(event.account()).isEqualTo(Stage.ACCOUNT);
            });
    assertThat(life.count("starling.webhooks.responses", "outcome", "committed")).isEqualTo(3);
  }

  @Test
  void tellsOfADeliveryThatIsGivenUp() {
    var _ = stage.hook("temp", "/gone");
    stage.sink.on("/gone", _ -> 404);
    var _ = stage.start();
    stage.publish("temp", 1);
    await()
        .untilAsserted(
            () ->
                assertThat(told())
                    .containsExactly("hook-error/temp/0=error status 404 from 127.0.0.1"));
    cursorAtEnd();
  }

  @Test
  void tellsOnceOfADeliveryThatFailsForLongAndOfItsEnd() {
    var id = stage.hook("temp", "/late");
    stage.sink.on("/late", _ -> stage.sink.received("/late").size() < 6 ? 503 : 200);
    stage.sink.body("/late", Buffer.buffer());
    var _ = stage.start();
    stage.publish("temp", 1, id);
    await()
        .untilAsserted(
            () ->
                assertThat(told())
                    .containsExactly(
                        "hook-error/temp/0=error status 503 from 127.0.0.1", "hook-sent/temp="));
  }

  @Test
  void aFullDiskDropsWhatIsToldAndHoldsUpNoDelivery() {
    var id = stage.hook("temp", "/hook");
    stage.deliver("/hook", id);
    stage.relay.setFull(true);
    var life = stage.start();
    stage.publish("temp", 10, id);
    cursorAtEnd();
    assertThat(stage.ledger.open(id)).isEmpty();
    assertThat(stage.sink.received("/hook")).hasSize(10);
    assertThat(life.count("starling.webhooks.responses", "outcome", "dropped")).isEqualTo(20);
    assertThat(told()).isEmpty();
  }

  @Test
  void aCrashBetweenTheAnswerAndItsEventsRepeatsTheDeliveryAndTheSameIds() {
    var id = stage.hook("temp", "/hook");
    stage.deliver("/hook", id);
    var first = stage.start();
    await().until(() -> !stage.relay.cursors().isEmpty());
    first.line().holds().add(RelayRequest.Append.class);
    stage.publish("temp", 1, id);
    await().until(() -> !first.line().held().isEmpty());
    assertThat(stage.relay.cursors().get("webhooks")).isNotEqualTo(stage.relay.end());
    first.crash();
    var second = stage.start();
    await().untilAsserted(() -> assertThat(told()).hasSize(2));
    cursorAtEnd();
    // The first one's words reach the journal after all.
    first.line().held().forEach(Runnable::run);
    second.crash();
    assertThat(stage.sink.received("/hook")).hasSize(2);
    assertThat(stage.sink.received("/hook").stream().map(Sink.Received::webhookId).distinct())
        .hasSize(1);
    assertThat(stage.relay.appended()).hasSize(4);
    assertThat(stage.relay.appended().stream().map(Event::id).distinct()).hasSize(2);
  }
}
