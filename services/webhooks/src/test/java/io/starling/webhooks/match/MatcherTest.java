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
import io.starling.directory.Entry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    return new Event(
        new EventId(DeviceId.of(device), 1, 1),
        origin,
        ACCOUNT,
        product,
        name,
        Buffer.buffer(),
        EventClass.NORMAL,
        0);
  }

  private static boolean matches(JsonObject configuration, Event event) {
    return Matcher.isFor(hook(configuration), event);
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
    assertThat(Matcher.isFor(hook, event(Origin.DEVICE, DEVICE, 0, "temp/in"))).isFalse();
    assertThat(Matcher.isFor(hook, event(Origin.DEVICE, DEVICE, 0, prefix + "/x"))).isTrue();
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
}
