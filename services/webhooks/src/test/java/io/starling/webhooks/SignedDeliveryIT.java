package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import io.starling.contract.IntegrationId;
import io.starling.contract.SigningKind;
import io.starling.contract.WebhooksReply;
import io.starling.contract.WebhooksRequest;
import io.starling.directory.SigningSecret;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Deliveries of an integration that has a key, while there is no database. */
final class SignedDeliveryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SigningSecret secret = SigningSecret.create(SigningKind.V1);

  private void verify(Sink.Received received) {
    var headers =
        received.headers().entrySet().stream()
            .collect(Collectors.toMap(entry -> entry.getKey(), entry -> List.of(entry.getValue())));
    assertThatCode(() -> new Webhook(secret.text()).verify(received.body(), headers))
        .doesNotThrowAnyException();
  }

  @Test
  void areSignedEachTimeTheyAreTriedAndSoAreTests() {
    try (var stage = new Stage()) {
      var id = stage.hook("temp", "/hook");
      stage.directory.putKey(id, SigningKind.V1, secret);
      stage.sink.on("/hook", _ -> stage.sink.received("/hook").size() < 3 ? 503 : 200);
      var life = stage.start();
      stage.publish("temp", 1);
      await().atMost(PATIENCE).until(() -> stage.sink.received("/hook").size() == 3);
      assertThat(stage.sink.received("/hook"))
          .allSatisfy(this::verify)
          .extracting(Sink.Received::webhookId)
          .containsOnly(stage.sink.received("/hook").getFirst().webhookId());
      assertThat(test(life, id))
          .isEqualTo(new WebhooksReply.Tested(WebhooksReply.Tested.Outcome.DELIVERED, 200, ""));
      verify(stage.sink.received("/hook").getLast());
    }
  }

  private static WebhooksReply.TestReply test(Stage.Life life, IntegrationId id) {
    return Stage.await(
        life.bus().ask(new WebhooksRequest.TestIntegration(Stage.ACCOUNT, id), PATIENCE));
  }
}
