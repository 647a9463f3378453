package io.starling.webhooks.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.starling.webhooks.request.OutboundRequest.Header;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestTemplateTest {
  private static final String ID = "00112233445566778899aabb";

  private static Event event(String data) {
    return event(Origin.DEVICE, Buffer.buffer(data));
  }

  private static Event event(Origin origin, Buffer data) {
    return new Event(
        new EventId(DeviceId.of(ID), 16, 3),
        origin,
        new AccountId(1, 1),
        7,
        "temp/in side",
        data,
        EventClass.NORMAL,
        Instant.parse("2026-01-02T03:04:05.6Z").toEpochMilli());
  }

  private static JsonObject hook() {
    return new JsonObject().put("event", "temp").put("url", "https://example.com/a");
  }

  private static OutboundRequest render(JsonObject configuration, String data) {
    return new RequestTemplate(configuration).render(List.of(event(data)), "id");
  }

  private static String body(JsonObject configuration, String data) {
    var body = render(configuration, data).body();
    return body == null ? "" : body.toString();
  }

  @Test
  void postsTheDefaultFieldsAsAForm() {
    var request = render(hook(), "25 °C");
    assertThat(request.method()).isEqualTo(HttpMethod.POST);
    assertThat(request.target()).isEqualTo(new Target(true, "example.com", 443, "/a"));
    assertThat(request.headers())
        .containsExactly(new Header("content-type", "application/x-www-form-urlencoded"));
    assertThat(request.body())
        .hasToString(
            "event=temp%2Fin+side&data=25+%C2%B0C&coreid="
                + ID
                + "&published_at=2026-01-02T03%3A04%3A05.600Z");
  }

  @Test
  void keepsBytesThatAreNoText() {
    byte[] bytes = {(byte) 0xff, 0, 'a'};
    var request =
        new RequestTemplate(hook())
            .render(List.of(event(Origin.DEVICE, Buffer.buffer(bytes))), "id");
    assertThat(request.body()).asString().contains("data=%FF%00a&");
  }

  @Test
  void namesAppsAsApi() {
    var request =
        new RequestTemplate(hook()).render(List.of(event(Origin.API, Buffer.buffer("1"))), "id");
    assertThat(request.body()).asString().contains("coreid=api&");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE"})
  void putsTheDefaultFieldsIntoTheQueryWhereThereIsNoBody(String method) {
    var request = render(hook().put("requestType", method).put("url", "http://h:81/a?b=c"), "1");
    assertThat(request.target().port()).isEqualTo(81);
    assertThat(request.target().path()).startsWith("/a?b=c&event=temp%2Fin+side&data=1&coreid=");
    assertThat(request.body()).isNull();
  }

  @Test
  void leavesTheDefaultFieldsOutWhenAsked() {
    var request = render(hook().put("noDefaults", true), "1");
    assertThat(request.body()).isNull();
    assertThat(request.headers()).isEmpty();
    assertThat(body(hook().put("noDefaults", "true").put("form", form()), "1"))
        .isEqualTo("value=1");
  }

  private static JsonObject form() {
    return new JsonObject().put("value", "{{{PARTICLE_EVENT_VALUE}}}");
  }

  @Test
  void addsFormFieldsToTheDefaultOnes() {
    assertThat(body(hook().put("form", form()), "1&2"))
        .startsWith("event=temp%2Fin+side&data=1%262&")
        .endsWith("&value=1%262");
  }

  @Test
  void mergesTheDefaultFieldsIntoJson() {
    var json = new JsonObject().put("data", "own").put("t", "{{temp}}");
    var merged = new JsonObject(body(hook().put("json", json), "{\"temp\":25.34}"));
    assertThat(merged)
        .isEqualTo(
            new JsonObject()
                .put("event", "temp/in side")
                .put("coreid", ID)
                .put("published_at", "2026-01-02T03:04:05.600Z")
                .put("data", "own")
                .put("t", "25.34"));
    var request = render(hook().put("json", json), "1");
    assertThat(request.headers()).contains(new Header("content-type", "application/json"));
  }

  @Test
  void mergesTheDefaultFieldsIntoAJsonTextOfWhichOnlyTheResultIsJson() {
    String text = "{\"t\": {{temp}}, \"all\": {{{PARTICLE_EVENT_JSON}}}}";
    var merged = new JsonObject(body(hook().put("json", text), "{\"temp\":25.34}"));
    assertThat(merged.getDouble("t")).isEqualTo(25.34);
    assertThat(merged.getJsonObject("all").getString("data")).isEqualTo("{\"temp\":25.34}");
    assertThat(merged.getString("event")).isEqualTo("temp/in side");
  }

  @Test
  void leavesAnEmptyJsonObjectWellFormed() {
    var merged = new JsonObject(body(hook().put("json", "{}"), "1"));
    assertThat(merged.fieldNames()).containsExactly("event", "data", "coreid", "published_at");
  }

  @Test
  void leavesAJsonListAlone() {
    var list = new JsonArray().add("{{{PARTICLE_EVENT_VALUE}}}");
    assertThat(body(hook().put("json", list), "1")).isEqualTo("[\"1\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"say \"hi\"", "back\\slash", "two\nlines\ttab", "\",\"admin\":\"yes", "\u0001é✓"})
  void dataCannotBreakOutOfAJsonString(String data) {
    var json = new JsonObject().put("v", "<{{{PARTICLE_EVENT_VALUE}}}>");
    for (Object template : new Object[] {json, json.encode()}) {
      var parsed = new JsonObject(body(hook().put("noDefaults", true).put("json", template), data));
      assertThat(parsed.getString("v")).isEqualTo("<" + data + ">");
      assertThat(parsed.fieldNames()).containsExactly("v");
    }
  }

  @Test
  void escapesDoubleBracesForHtmlAsParticleDoes() {
    var text = hook().put("body", "{{PARTICLE_EVENT_VALUE}} {{{PARTICLE_EVENT_VALUE}}}");
    assertThat(body(text, "<&>")).isEqualTo("&lt;&amp;&gt; <&>");
    var json = hook().put("noDefaults", true).put("json", "{\"v\":\"{{PARTICLE_EVENT_VALUE}}\"}");
    assertThat(body(json, "\"&\"")).isEqualTo("{\"v\":\"&quot;&amp;&quot;\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "PARTICLE_DEVICE_ID, 00112233445566778899aabb",
    "SPARK_CORE_ID, 00112233445566778899aabb",
    "PARTICLE_EVENT_NAME, temp/in side",
    "SPARK_EVENT_NAME, temp/in side",
    "PARTICLE_PUBLISHED_AT, 2026-01-02T03:04:05.600Z",
    "SPARK_PUBLISHED_AT, 2026-01-02T03:04:05.600Z",
    "PARTICLE_EVENT_ID, 00112233445566778899aabb-10-3",
    "PRODUCT_ID, 7",
    "PRODUCT_USER_ID, ''",
    "PRODUCT_VERSION, ''",
    "a.b.0.c, d",
    "a.b, '[{\"c\":\"d\"}]'",
    "missing, ''",
    "a.missing.more, ''",
    "PARTICLE_EVENT_NAME.bytes, ''"
  })
  void knowsTheVariable(String name, String value) {
    var text = hook().put("body", "{{{" + name + "}}}");
    assertThat(body(text, "{\"a\":{\"b\":[{\"c\":\"d\"}]}}")).isEqualTo(value);
  }

  @Test
  void rendersSections() {
    var text = hook().put("body", "{{#l}}{{n}},{{/l}}{{^none}}nothing{{/none}}");
    assertThat(body(text, "{\"l\":[{\"n\":1},{\"n\":2}],\"none\":0}")).isEqualTo("1,2,nothing");
  }

  @Test
  void tellsTheWholeEventAsJson() {
    var whole =
        new JsonObject()
            .put("id", "00112233445566778899aabb-10-3")
            .put("event", "temp/in side")
            .put("data", "on \"air\"")
            .put("coreid", "00112233445566778899aabb")
            .put("published_at", "2026-01-02T03:04:05.600Z")
            .put("product_id", 7);
    var text = hook().put("body", "{{{PARTICLE_EVENT_JSON}}}");
    assertThat(new JsonObject(body(text, "on \"air\""))).isEqualTo(whole);
    var base64 = body(hook().put("body", "{{{PARTICLE_EVENT_BASE64}}}"), "on \"air\"");
    var bytes = java.util.Base64.getDecoder().decode(base64);
    assertThat(new JsonObject(io.vertx.core.buffer.Buffer.buffer(bytes))).isEqualTo(whole);
  }

  @Test
  void rendersTheUrlSoThatItStaysAUrl() {
    var url = "http://example.com/{{{PARTICLE_EVENT_NAME}}}?v={{{PARTICLE_EVENT_VALUE}}}";
    assertThat(render(hook().put("url", url).put("noDefaults", true), "50% é\n").target().path())
        .isEqualTo("/temp/in%20side?v=50%25%20%C3%A9%0A");
  }

  @Test
  void refusesAUrlThatBecomesNone() {
    var template = new RequestTemplate(hook().put("url", "{{{PARTICLE_EVENT_VALUE}}}"));
    for (String data : new String[] {"", "ftp://x/", "http://", "http://u:p@h/", "file:///etc"}) {
      assertThatThrownBy(() -> template.render(List.of(event(data)), "id"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("url");
    }
  }

  @Test
  void addsTheQuery() {
    var query = new JsonObject().put("q", "{{{PARTICLE_EVENT_VALUE}}}").put("n", 5);
    assertThat(render(hook().put("query", query), "a b&c").target().path())
        .isEqualTo("/a?q=a+b%26c&n=5");
  }

  @Test
  void authenticatesWithNameAndPassword() {
    var auth = new JsonObject().put("username", "u").put("password", "{{PARTICLE_EVENT_VALUE}}");
    assertThat(render(hook().put("auth", auth), "p").headers())
        .contains(new Header("authorization", "Basic dTpw"));
  }

  @Test
  void headersCannotBeAddedByData() {
    var headers =
        new JsonObject()
            .put("X-Value", "{{{PARTICLE_EVENT_VALUE}}}")
            .put("Content-Type", "text/csv")
            .put("Host", "evil")
            .put("Webhook-Id", "evil")
            .put("{{{PARTICLE_EVENT_VALUE}}}", "bad name");
    assertThat(render(hook().put("headers", headers), "a\r\nx-admin: yes").headers())
        .containsExactly(
            new Header("x-value", "a  x-admin: yes"), new Header("content-type", "text/csv"));
  }

  @Test
  void boundsWhatATemplateRenders() {
    var text = hook().put("body", "{{#l}}" + "x".repeat(1000) + "{{/l}}");
    var data = "{\"l\":[" + "1,".repeat(2000) + "1]}";
    assertThatThrownBy(() -> render(text, data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than");
  }
}
