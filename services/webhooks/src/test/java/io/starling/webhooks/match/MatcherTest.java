package io.starling.webhooks.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.IntegrationId;
import io.starling.contract.Origin;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.webhooks.filter.EventData;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MatcherTest {
  private static final String DEVICE = "00112233445566778899aabb";
  private static final AccountId ACCOUNT = new AccountId(1, 1);

  private static Hook hook(JsonObject configuration) {
    return hook("temp", configuration);
  }

  private static Hook hook(String prefix, JsonObject configuration) {
    return Hook.of(
        new Entry.Integration(
            new IntegrationId(1, 1),
            ACCOUNT,
            prefix,
            "http://h/",
            false,
            configuration.put("url", "http://h/"),
            Instant.EPOCH,
            null));
  }

  private static Event event(Origin origin, String device, int product, String name) {
    return event(origin, device, product, name, "");
  }

  private static Event event(String data) {
    return event(Origin.DEVICE, DEVICE, 0, "temp", data);
  }

  private static Event event(Origin origin, String device, int product, String name, String data) {
    return new Event(
        new EventId(DeviceId.of(device), 1, 1),
        origin,
        ACCOUNT,
        product,
        name,
        Buffer.buffer(data),
        EventClass.NORMAL,
        0);
  }

  private static boolean matches(JsonObject configuration, Event event) {
    return isFor(hook(configuration), event);
  }

  private static boolean isFor(Hook hook, Event event) {
    return new Matcher(new Directory(InstantSource.system())).isFor(hook, event);
  }

  @ParameterizedTest
  @ValueSource(strings = {"temp", "temperature", "temp/in"})
  void matchesNamesThatStartSo(String name) {
    assertThat(matches(new JsonObject(), event(Origin.DEVICE, DEVICE, 0, name))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Temp", "tem", "in/temp", ""})
  void doesNotMatchOtherNames(String name) {
    assertThat(matches(new JsonObject(), event(Origin.DEVICE, DEVICE, 0, name))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"deviceID", "deviceid", "deviceId"})
  void matchesOneDeviceHoweverThatIsSpelled(String property) {
    var one = new JsonObject().put(property, DEVICE.toUpperCase(java.util.Locale.ROOT));
    assertThat(matches(one, event(Origin.DEVICE, DEVICE, 0, "temp"))).isTrue();
    assertThat(matches(one, event(Origin.API, DEVICE, 0, "temp"))).isFalse();
    assertThat(matches(one, event(Origin.DEVICE, "ff" + DEVICE.substring(2), 0, "temp"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "te*", "+", "#", "temp/+", "temp/#"})
  void knowsNoWildcards(String prefix) {
    var hook = hook(prefix, new JsonObject());
    assertThat(isFor(hook, event(Origin.DEVICE, DEVICE, 0, "temp/in"))).isFalse();
    assertThat(isFor(hook, event(Origin.DEVICE, DEVICE, 0, prefix + "/x"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mine", "*", "00112233445566778899aab", "00112233445566778899aabbcc"})
  void refusesADeviceThatIsNone(String device) {
    assertThatThrownBy(() -> hook(new JsonObject().put("deviceid", device)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("deviceID must be 24 hexadecimal digits");
  }

  @Test
  void matchesOneProduct() {
    var one = new JsonObject().put("productID", 7);
    assertThat(matches(one, event(Origin.DEVICE, DEVICE, 7, "temp"))).isTrue();
    assertThat(matches(one, event(Origin.DEVICE, DEVICE, 0, "temp"))).isFalse();
  }

  @Test
  void matchesEventsOfApps() {
    assertThat(matches(new JsonObject(), event(Origin.API, DEVICE, 0, "temp"))).isTrue();
  }

  @Test
  void answersOfWebhooksStartNoWebhooks() {
    assertThat(matches(new JsonObject(), event(Origin.CLOUD, DEVICE, 0, "temp"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"field, true", "lab, false", "Field, false"})
  void matchesDevicesOfGroups(String group, boolean wanted) {
    Groups groups = (device, product) -> List.of("field", "spare");
    var list = new JsonArray().add("attic").add(group);
    for (var configuration :
        List.of(
            new JsonObject().put("group", group),
            new JsonObject().put("groups", list),
            new JsonObject().put("groups", list.encode()))) {
      var hook = hook(configuration.put("productID", 7));
      assertThat(obstacle(hook, event(Origin.DEVICE, DEVICE, 7, "temp"), groups))
          .isEqualTo(wanted ? null : Obstacle.GROUP);
      assertThat(obstacle(hook, event(Origin.API, DEVICE, 7, "temp"), groups))
          .isEqualTo(Obstacle.GROUP);
    }
  }

  private static @Nullable Obstacle obstacle(Hook hook, Event event, Groups groups) {
    return hook.obstacle(event, new EventData(event.data()), groups);
  }

  @Test
  void groupsAreThoseOfAProduct() {
    assertThatThrownBy(() -> hook(new JsonObject().put("groups", new JsonArray().add("field"))))
        .hasMessage("groups are those of a product: productID is missing");
    assertThatThrownBy(() -> hook(new JsonObject().put("groups", 7).put("productID", 7)))
        .hasMessage("groups must be a list of texts");
  }

  @Test
  void matchesWhatAFilterLetsThrough() {
    var filter = new JsonObject().put("temp", new JsonObject().put("$gt", 20));
    for (var source : new Object[] {filter, filter.encode()}) {
      var configuration = new JsonObject().put("filter", source);
      assertThat(matches(configuration, event("{\"temp\":21}"))).isTrue();
      assertThat(matches(configuration, event("{\"temp\":20}"))).isFalse();
      assertThat(matches(configuration, event("21"))).isFalse();
    }
    assertThatThrownBy(() -> hook(new JsonObject().put("filter", "no")))
        .hasMessage("filter must be a JSON object");
  }
}
