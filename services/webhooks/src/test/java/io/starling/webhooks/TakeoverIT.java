package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.IntegrationId;
import io.starling.contract.RelayRequest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * One process takes a shard over from another whose last words reach the journal much later, as
 * those of one that froze do.
 */
final class TakeoverIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private final Stage stage = new Stage();
  private final IntegrationId ill = stage.hook("temp", "/ill");
  private final IntegrationId well = stage.hook("temp", "/well");

  @AfterEach
  void close() {
    stage.close();
  }

  /** One that follows the shard alone while an endpoint does not answer. */
  private Stage.Life first() {
    stage.deliver("/well", well);
    stage.sink.on("/ill", _ -> 503);
    var first = stage.start();
    stage.publish("temp", 50, ill, well);
    hasLane();
    return first;
  }

  private void hasLane() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(stage.relay.cursors())
                    .containsKey("webhooks/" + ill)
                    .containsEntry("webhooks", stage.relay.end()));
  }

  /** Lets what was held back arrive, ends both, and has a third one do the rest. */
  private void losesNothing(Stage.Life first, Stage.Life second) {
    first.line().held().forEach(Runnable::run);
    second.crash();
    first.crash();
    assertThat(stage.ledger.mistakes()).isEmpty();
    stage.deliver("/ill", ill);
    var _ = stage.start();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(stage.ledger.open(ill)).isEmpty());
    assertThat(stage.ledger.mistakes()).isEmpty();
  }

  @Test
  void aRemovalThatComesLateTakesNoCursorFromItsSuccessor() {
    var first = first();
    first.line().holds().add(RelayRequest.RemoveCursor.class);
    stage.deliver("/ill", ill);
    await().atMost(PATIENCE).until(() -> !first.line().held().isEmpty());
    first.line().cut().set(true);
    stage.sink.on("/ill", _ -> 503);
    var second = stage.start();
    stage.publish("temp", 50, ill, well);
    hasLane();
    losesNothing(first, second);
  }

  @Test
  void aMoveThatComesLateMovesNoCursorOfItsSuccessor() {
    var first = first();
    first.line().holds().add(RelayRequest.SetCursor.class);
    stage.publish("temp", 50, ill, well);
    await().atMost(PATIENCE).until(() -> !first.line().held().isEmpty());
    first.line().cut().set(true);
    var second = stage.start();
    hasLane();
    losesNothing(first, second);
  }

  @Test
  void leavesTheCursorsOfNobodyElse() {
    var first = first();
    first.crash();
    stage.deliver("/ill", ill);
    var _ = stage.start();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(stage.relay.names()).hasSize(1));
  }

  @Test
  void whoFindsALaterSetOfCursorsBeginsAnewAndGoesOn() {
    var first = first();
    String later = "webhooks@7000000000000000";
    stage.relay.putCursor(later, stage.relay.start());
    stage.deliver("/ill", ill);
    stage.publish("temp", 50, ill, well);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(stage.ledger.open(ill)).isEmpty();
              assertThat(stage.relay.names())
                  .hasSize(1)
                  .allMatch(name -> name.compareTo(later) > 0);
            });
    first.crash();
  }
}
