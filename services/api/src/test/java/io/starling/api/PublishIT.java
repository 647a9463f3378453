package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.EventClass;
import io.starling.contract.Origin;
import io.starling.contract.RelayReply;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishIT {
  @RegisterExtension private final Region region = Region.start();

  private Call.Reply publish(JsonObject fields) {
    return region.call("POST", "/v1/devices/events").json(fields);
  }

  @Test
  void answersOnceTheEventIsCommitted() {
    var reply =
        publish(
            new JsonObject()
                .put("name", "temp/a")
                .put("data", "25 °C")
                .put("private", true)
                .put("ttl", 60));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("{\"ok\":true}");
    var event = region.relay.journal.getFirst();
    assertThat(event.name()).isEqualTo("temp/a");
    assertThat(event.data().toString(StandardCharsets.UTF_8)).isEqualTo("25 °C");
    assertThat(event.origin()).isEqualTo(Origin.API);
    assertThat(event.account()).isEqualTo(region.person);
    assertThat(event.eventClass()).isEqualTo(EventClass.NORMAL);
    assertThat(event.product()).isZero();
  }

  @Test
  void givesEveryEventAnIdOfItsOwn() {
    for (int i = 0; i < 3; i++) {
      assertThat(publish(new JsonObject().put("name", "a")).status()).isEqualTo(200);
    }

    assertThat(region.relay.journal.stream().map(event -> event.id()).distinct()).hasSize(3);
    assertThat(region.relay.journal.stream().map(event -> event.id().sequence()))
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void publishesOnAProduct() {
    var reply = region.call("POST", "/v1/products/thermo/events").form("name=log/x&data=y");

    assertThat(reply.text()).isEqualTo("{\"ok\":true}");
    assertThat(region.relay.journal.getFirst().product()).isEqualTo(Region.PRODUCT);
    assertThat(region.relay.journal.getFirst().eventClass()).isEqualTo(EventClass.BULK);
    assertThat(region.call("POST", "/v1/products/nope/events").form("name=a").status())
        .isEqualTo(404);
  }

  @Test
  void takesDataOfSixteenKibibytes() {
    String most = "x".repeat(16_384);

    assertThat(publish(new JsonObject().put("name", "a").put("data", most)).status())
        .isEqualTo(200);
    assertThat(region.call("POST", "/v1/devices/events").form("name=a&data=" + most).status())
        .isEqualTo(200);
    var tooLong = publish(new JsonObject().put("name", "a").put("data", most + "x"));
    assertThat(tooLong.status()).isEqualTo(400);
    assertThat(tooLong.json().getBoolean("ok")).isFalse();
  }

  @Test
  void takesDataThatAreNoText() {
    var _ = publish(new JsonObject().put("name", "a").put("data", 25.5));
    var _ = publish(new JsonObject().put("name", "a").put("data", new JsonObject().put("t", 1)));

    assertThat(region.relay.journal.stream().map(event -> event.data().toString()))
        .containsExactly("25.5", "{\"t\":1}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a/#", "a+b", "a\u0000b", "$cloud/x", "spark/status", "particle/x", "a\nb"})
  void refusesNamesThatAreNotForApps(String name) {
    var reply = publish(new JsonObject().put("name", name));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().getBoolean("ok")).isFalse();
    assertThat(region.relay.journal).isEmpty();
  }

  @Test
  void refusesAnEventWithoutName() {
    assertThat(publish(new JsonObject()).text())
        .isEqualTo("{\"ok\":false,\"error\":\"name is required\"}");
    assertThat(publish(new JsonObject().put("name", "ä".repeat(513))).status()).isEqualTo(400);
  }

  @Test
  void answers503WhenTheDiskIsFull() {
    region.relay.next = List.of(new RelayReply.Full());

    var reply = publish(new JsonObject().put("name", "a"));

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).hasValue("2");
  }

  @Test
  void answers503WhenTheClassOfTheEventWasRefused() {
    region.relay.next = List.of(new RelayReply.Appended(EventClass.CRITICAL));

    assertThat(publish(new JsonObject().put("name", "a")).status()).isEqualTo(503);
  }

  @Test
  void answers503WhenNobodyCommits() {
    region.relay.next = List.of();
    long began = System.nanoTime();

    var reply = publish(new JsonObject().put("name", "a"));

    assertThat(reply.status()).isEqualTo(503);
    assertThat(System.nanoTime() - began).isLessThan(9_000_000_000L);
  }

  @Test
  void publishesWithTheDatabaseDown() {
    region.services.databaseDown = true;

    assertThat(publish(new JsonObject().put("name", "a")).status()).isEqualTo(200);
    assertThat(Map.copyOf(region.relay.interests)).isEmpty();
  }
}
