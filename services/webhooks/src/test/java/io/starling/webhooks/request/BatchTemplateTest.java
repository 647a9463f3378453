package io.starling.webhooks.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One request for several events. */
final class BatchTemplateTest {
  private static final DeviceId DEVICE = DeviceId.of("00112233445566778899aabb");
  private static final String ID = "00112233445566778899aabb-1-";

  private static JsonObject hook() {
    return new JsonObject()
        .put("event", "temp")
        .put("url", "http://h/a")
        .put("batch", new JsonObject().put("events", 10).put("millis", 100));
  }

  private static List<Event> events(String... data) {
    var events = new ArrayList<Event>();
    for (String one : data) {
      events.add(
          new Event(
              new EventId(DEVICE, 1, events.size() + 1),
              Origin.DEVICE,
              new AccountId(1, 1),
              0,
              "temp",
              Buffer.buffer(one),
              EventClass.NORMAL,
              0));
    }
    return events;
  }

  private static String body(JsonObject configuration, String... data) {
    var request = new RequestTemplate(configuration).render(events(data), "id");
    return Objects.requireNonNull(request.body()).toString();
  }

  @Test
  void isAListOfTheDefaultFieldsWithTheIdOfEachEvent() {
    String each =
        "{\"event\":\"temp\",\"data\":\"%s\",\"coreid\":\""
            + DEVICE
            + "\",\"published_at\":\"1970-01-01T00:00:00.000Z\",\"event_id\":\""
            + ID
            + "%d\"}";
    assertThat(body(hook(), "a", "b"))
        .isEqualTo("[" + each.formatted("a", 1) + "," + each.formatted("b", 2) + "]");
  }

  @Test
  void isAListAlsoForOneEvent() {
    assertThat(body(hook().put("noDefaults", true).put("json", "{{{t}}}"), "{\"t\":1}"))
        .isEqualTo("[1]");
  }

  @Test
  void theFieldsOfATemplateWinOverTheDefaults() {
    var json = new JsonObject().put("event_id", "{{{PARTICLE_EVENT_VALUE}}}");
    assertThat(body(hook().put("json", json), "x"))
        .contains("\"event_id\":\"x\"")
        .doesNotContain(ID);
  }

  @Test
  void whatIsNoJsonGoesAsAText() {
    var template =
        hook().put("noDefaults", true).put("json", "{\"t\": {{{PARTICLE_EVENT_VALUE}}}}");
    assertThat(body(template, "1", "no number", "2}, {\"x\": 3"))
        .isEqualTo("[{\"t\": 1},\"{\\\"t\\\": no number}\",\"{\\\"t\\\": 2}, {\\\"x\\\": 3}\"]");
  }

  @Test
  void isNoLongerThanAMebibyte() {
    var template = new RequestTemplate(hook());
    String big = "x".repeat(60_000);
    assertThatThrownBy(
            () ->
                template.render(events(Collections.nCopies(18, big).toArray(String[]::new)), "id"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 MiB");
    var body =
        template.render(events(Collections.nCopies(17, big).toArray(String[]::new)), "id").body();
    assertThat(Objects.requireNonNull(body).length()).isLessThan(1 << 20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"requestType\": \"GET\"}",
        "{\"requestType\": \"DELETE\", \"json\": {\"a\": 1}}",
        "{\"form\": {\"a\": 1}}",
        "{\"body\": \"a\"}",
        "{\"noDefaults\": true}"
      })
  void needsAJsonBody(String more) {
    assertThatThrownBy(() -> new RequestTemplate(hook().mergeIn(new JsonObject(more))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("batch needs requestType POST or PUT and a JSON body");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"url\": \"http://h/{{PARTICLE_DEVICE_ID}}\"}",
        "{\"query\": {\"a\": \"{{t}}\"}}",
        "{\"headers\": {\"{{t}}\": \"a\"}}",
        "{\"headers\": {\"a\": \"{{t}}\"}}",
        "{\"auth\": {\"username\": \"a\", \"password\": \"{{t}}\"}}"
      })
  void needsTheRestToBeTheSameForAllEvents(String more) {
    assertThatThrownBy(() -> new RequestTemplate(hook().mergeIn(new JsonObject(more))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("batch needs the same url, query, headers and auth");
  }

  @Test
  void oneThatWantsNoBatchesAnyMoreGetsNone() {
    var template = new RequestTemplate(new JsonObject().put("url", "http://h/a"));
    assertThatThrownBy(() -> template.render(events("1", "2"), "id"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
