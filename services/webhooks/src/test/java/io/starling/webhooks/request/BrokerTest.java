package io.starling.webhooks.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.webhooks.request.Broker.Credentials;
import io.starling.webhooks.request.Broker.Host;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BrokerTest {
  private static JsonObject kafka() {
    return new JsonObject()
        .put("integration_type", "Kafka")
        .put("url", "kafka://one:1,two")
        .put("topic", "t");
  }

  private static Broker broker(JsonObject configuration) {
    return Objects.requireNonNull(Broker.of(configuration));
  }

  @Test
  void aWebhookIsNone() {
    assertThat(Broker.of(new JsonObject().put("url", "http://x/"))).isNull();
  }

  @Test
  void hasHostsWithTheUsualPortsAndCredentials() {
    var plain = broker(kafka());
    assertThat(plain.hosts()).containsExactly(new Host("one", 1), new Host("two", 9092));
    assertThat(plain.secure()).isFalse();
    assertThat(plain.credentials()).isNull();
    var auth = new JsonObject().put("username", "u").put("password", "p");
    var secure = broker(kafka().put("url", "kafkas://One").put("auth", auth));
    assertThat(secure.hosts()).containsExactly(new Host("one", 9093));
    assertThat(secure.secure()).isTrue();
    assertThat(secure.credentials()).isEqualTo(new Credentials("u", "p"));
    assertThat(secure.toString()).doesNotContain("password=p");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url   | http://one           | url must be kafka://host:port",
        "url   | kafka://             | url must be kafka://host:port",
        "url   | kafka://u:p@one      | user name",
        "url   | kafka://one/topic    | nothing behind it",
        "url   | kafka://one?acks=0   | nothing behind it",
        "url   | kafka://one:99999    | no valid port",
        "url   | kafka://{{host}}     | url must be kafka://host:port",
        "topic | ''                   | topic is required",
        "tls   | '{\"ca\":\"x\"}'     | tls is for webhooks",
        "auth  | '{\"username\":\"x\"}' | auth needs username and password"
      })
  void whatIsWrongIsToldInWords(String property, String value, String words) {
    assertThatThrownBy(() -> Broker.of(kafka().put(property, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource({"form", "query", "batch", "oauth2"})
  void refusesWhatOnlyWebhooksHave(String property) {
    var configuration = kafka().put(property, new JsonObject().put("a", "b"));
    assertThatThrownBy(() -> Broker.asWebhook(configuration))
        .hasMessageContaining(property + " is for webhooks only");
  }
}
