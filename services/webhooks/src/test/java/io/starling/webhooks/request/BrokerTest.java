package io.starling.webhooks.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.webhooks.request.Broker.Credentials;
import io.starling.webhooks.request.Broker.Host;
import io.vertx.core.json.JsonObject;
import java.util.Map;
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

  private static JsonObject amqp(String url) {
    return new JsonObject().put("integration_type", "AMQP").put("url", url);
  }

  @ParameterizedTest
  @CsvSource({
    "amqp://one, one, 5672, /",
    "amqps://One/, one, 5671, /",
    "amqp://one:1/mine, one, 1, mine",
    "amqp://one/of%2Fmine, one, 5672, of/mine"
  })
  void ofAmqpHasAVirtualHost(String url, String name, int port, String virtualHost) {
    var broker = broker(amqp(url));
    assertThat(broker.hosts()).containsExactly(new Host(name, port));
    assertThat(broker.virtualHost()).isEqualTo(virtualHost);
    assertThat(broker.secure()).isEqualTo(url.startsWith("amqps"));
  }

  @Test
  void ofAmqpHasTheDefaultExchangeAndTheEventsNameAsItsKey() {
    var variables = Map.of("PARTICLE_EVENT_NAME", "a/b");
    var plain = broker(amqp("amqp://one"));
    assertThat(plain.topic().render(variables)).isEmpty();
    assertThat(plain.key().render(variables)).isEqualTo("a/b");
    var own = broker(amqp("amqp://one").put("exchange", "x").put("key", "k"));
    assertThat(own.topic().render(variables)).isEqualTo("x");
    assertThat(own.key().render(variables)).isEqualTo("k");
  }

  @ParameterizedTest
  @CsvSource({"amqp://one/a/b", "amqp://one/a?heartbeat=0", "amqp://u:p@one", "http://one"})
  void ofAmqpHasNothingElseInItsUrl(String url) {
    assertThatThrownBy(() -> Broker.of(amqp(url))).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"form", "query", "batch", "oauth2"})
  void refusesWhatOnlyWebhooksHave(String property) {
    var configuration = kafka().put(property, new JsonObject().put("a", "b"));
    assertThatThrownBy(() -> Broker.asWebhook(configuration))
        .hasMessageContaining(property + " is for webhooks only");
  }
}
