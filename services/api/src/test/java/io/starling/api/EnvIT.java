package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.EnvReply.EnvRefused.Reason;
import io.starling.contract.EnvScope;
import io.starling.contract.EventBatch;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryRequest;
import io.starling.contract.Role;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Environment variables, by the API. */
class EnvIT {
  private static final String OWNER = "/v1/env";
  private static final String PRODUCT = "/v1/products/thermo/env";
  private static final String DEVICE = "/v1/env/kitchen";

  @RegisterExtension private final Region region = Region.start();

  private JsonObject put(String base, String key, String value) {
    var reply = region.call("PUT", base + "/" + key).json(new JsonObject().put("value", value));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private void rollOut(String base) {
    var reply =
        region.call("POST", base + "/rollout").json(new JsonObject().put("when", "Immediate"));
    assertThat(reply.json()).isEqualTo(new JsonObject().put("success", true));
  }

  private JsonObject get(String path) {
    var reply = region.call("GET", path).send();
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private Call.Reply patch(JsonArray ops) {
    return region.call("PATCH", OWNER).json(new JsonObject().put("ops", ops));
  }

  @Test
  void areADraftThatIsReviewedAndRolledOut() {
    var ops = "[{'op':'Set','key':'A','value':'1'},{'op':'Set','key':'B','value':'2'}]";
    var drafted = patch(new JsonArray(ops.replace('\'', '"'))).json();
    assertThat(drafted.getValue("last_snapshot")).isNull();
    assertThat(drafted.getJsonObject("latest").getJsonObject("own"))
        .isEqualTo(new JsonObject("{\"A\":{\"value\":\"1\"},\"B\":{\"value\":\"2\"}}"));
    assertThat(drafted.getJsonObject("latest").getString("updated_by")).isEqualTo(Region.EMAIL);
    assertThat(get(OWNER + "/render").getJsonObject("env")).isEmpty();

    rollOut(OWNER);
    assertThat(get(OWNER + "/render").getJsonObject("env"))
        .isEqualTo(new JsonObject("{\"A\":\"1\",\"B\":\"2\"}"));
    assertThat(get(OWNER + "/render").getString("rollout_by")).isEqualTo(Region.EMAIL);

    var _ = put(OWNER, "A", "3");
    var _ = put(OWNER, "C", "4");
    assertThat(region.call("DELETE", OWNER + "/B").send().status()).isEqualTo(200);
    var review = get(OWNER + "/rollout").getJsonObject("from_snapshot");
    assertThat(review.getJsonArray("changes").stream().map(Object::toString))
        .containsExactly(
            "{\"op\":\"Changed\",\"key\":\"A\",\"before\":\"1\",\"after\":\"3\"}",
            "{\"op\":\"Removed\",\"key\":\"B\",\"before\":\"2\"}",
            "{\"op\":\"Added\",\"key\":\"C\",\"after\":\"4\"}");
    assertThat(get(OWNER).getJsonObject("last_snapshot").getJsonObject("own")).hasSize(2);
  }

  @Test
  void aDeviceInheritsFromItsProductAndItsOwner() {
    var _ = put(OWNER, "A", "owner");
    var _ = put(OWNER, "B", "owner");
    var _ = put(PRODUCT, "B", "product");
    var shown = put(DEVICE, "B", "device");
    assertThat(shown.getJsonObject("latest").getJsonObject("inherited"))
        .isEqualTo(
            new JsonObject(
                "{\"A\":{\"from\":\"Owner\",\"value\":\"owner\"},"
                    + "\"B\":{\"from\":\"Product\",\"value\":\"product\"}}"));
    List.of(OWNER, PRODUCT).forEach(this::rollOut);
    assertThat(get(DEVICE + "/render").getJsonObject("env"))
        .isEqualTo(new JsonObject("{\"A\":\"owner\",\"B\":\"product\"}"));
    var change = get(DEVICE + "/rollout").getJsonObject("from_snapshot").getJsonArray("changes");
    assertThat(change.toString())
        .isEqualTo(
            "[{\"op\":\"Changed\",\"key\":\"B\",\"before\":\"product\",\"after\":\"device\"}]");
    assertThat(get(DEVICE + "/render").getString("last_updated_at"))
        .isEqualTo("2026-01-01T00:00:00.000Z");
    rollOut(DEVICE);
    assertThat(get(DEVICE + "/render").getJsonObject("env").getString("B")).isEqualTo("device");
    assertThat(region.call("DELETE", DEVICE + "/B").send().status()).isEqualTo(200);
    assertThat(get(PRODUCT + "/render").getJsonObject("env").getString("B")).isEqualTo("product");
    assertThat(region.call("PATCH", PRODUCT).json(new JsonObject()).status()).isEqualTo(400);
    assertThat(get(PRODUCT + "/rollout").getJsonObject("from_snapshot").getJsonObject("unchanged"))
        .hasSize(2);
    assertThat(region.call("DELETE", PRODUCT + "/B").send().status()).isEqualTo(200);
    assertThat(get(PRODUCT).getJsonObject("latest").getJsonObject("own")).isEmpty();
  }

  @Test
  void manyAreSetForAProductOrADeviceAtOnce() {
    var ops = new JsonArray("[{\"op\":\"Set\",\"key\":\"A\",\"value\":\"1\"}]");
    for (String base : List.of(PRODUCT, DEVICE)) {
      assertThat(region.call("PATCH", base).json(new JsonObject().put("ops", ops)).status())
          .isEqualTo(200);
    }
  }

  @Test
  void whatADeviceWorksWithIsWhatItReportedLast() {
    var events = Buffer.buffer();
    var report = Buffer.buffer("{\"A\":\"old\"}");
    EventBatch.write(events, region.event(region.online, Region.PRODUCT, "particle/env", report));
    Region.done(
        region.bus.serve(
            "history",
            HistoryRequest.class,
            _ -> Future.succeededFuture(new HistoryReply.EventsFound(events, null))));
    var _ = put(DEVICE, "A", "new");
    assertThat(get(DEVICE).getJsonObject("on_device").getJsonObject("rendered"))
        .isEqualTo(new JsonObject("{\"A\":\"old\"}"));
    assertThat(
            get(DEVICE + "/rollout")
                .getJsonObject("from_device")
                .getJsonArray("changes")
                .toString())
        .contains("\"before\":\"old\",\"after\":\"new\"");
  }

  @Test
  void aRolloutIsForNowOrForWhenADeviceConnects() {
    var _ = put(OWNER, "A", "1");
    var path = OWNER + "/rollout";
    assertThat(region.call("POST", path).json(new JsonObject().put("when", "Later")).status())
        .isEqualTo(400);
    assertThat(region.call("POST", path).json(new JsonObject().put("when", "Connect")).status())
        .isEqualTo(200);
    assertThat(region.services.env.isOnConnect(EnvScope.of(region.person))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[1]",
        "{}",
        "[{'op':'Set','key':'A'}]",
        "[{'op':'Set','key':'A','value':1}]",
        "[{'op':'Set','key':'1A','value':'x'}]",
        "[{'op':'Set','key':'A-B','value':'x'}]",
        "[{'op':'Drop','key':'A'}]"
      })
  void whatIsNoChangeIsRefused(String ops) {
    var body = "{\"ops\":" + ops.replace('\'', '"') + "}";
    assertThat(region.call("PATCH", OWNER).json(new JsonObject(body)).status()).isEqualTo(400);
  }

  @Test
  void whatIsTooMuchIsRefused() {
    var one = new JsonObject("{\"op\":\"Unset\",\"key\":\"A\"}");
    var ops = new JsonArray();
    for (int i = 0; i <= 50; i++) {
      ops.add(one);
    }
    assertThat(patch(ops).status()).isEqualTo(400);
    var value = new JsonObject().put("value", "x".repeat(1_025));
    assertThat(region.call("PUT", OWNER + "/A").json(value).status()).isEqualTo(400);
    for (var reason : Reason.values()) {
      region.services.env.refusal = reason;
      assertThat(patch(new JsonArray().add(one)).status()).isEqualTo(400);
    }
  }

  @Test
  void aDeviceOfAProductIsItsTeamsAndAnyOtherItsOwners() {
    assertThat(region.call("GET", "/v1/env/" + region.foreign).send().status()).isEqualTo(403);
    assertThat(region.call("GET", "/v1/env/nothing").send().status()).isEqualTo(403);

    var member = region.services.person("dev@example.com", Region.PASSWORD);
    var viewer = region.services.person("viewer@example.com", Region.PASSWORD);
    region.rows.token(member, "a".repeat(40), null);
    region.rows.token(viewer, "b".repeat(40), null);
    region.rows.member(Region.PRODUCT, member, Role.DEVELOPER.id(), List.of());
    region.rows.member(Region.PRODUCT, viewer, Role.VIEW_ONLY.id(), List.of());
    // Claimed by somebody who is not in the team.
    region.rows.device(region.offline, region.stranger, Region.PRODUCT, "attic");
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
    String device = "/v1/env/" + region.offline;
    assertThat(status("GET", device, "a".repeat(40))).isEqualTo(200);
    assertThat(status("DELETE", device + "/A", "a".repeat(40))).isEqualTo(200);
    assertThat(status("GET", device, "b".repeat(40))).isEqualTo(200);
    assertThat(status("DELETE", device + "/A", "b".repeat(40))).isEqualTo(403);
    assertThat(status("GET", device, Region.OTHER_TOKEN)).isEqualTo(403);
    assertThat(status("GET", "/v1/env/" + region.foreign, Region.OTHER_TOKEN)).isEqualTo(200);
  }

  private int status(String method, String path, String token) {
    return region
        .anonymous(method, path)
        .header("Authorization", "Bearer " + token)
        .send()
        .status();
  }

  @Test
  void areShownAndNotChangedWithoutADatabase() {
    var _ = put(OWNER, "A", "1");
    region.services.databaseDown = true;
    assertThat(get(OWNER).getJsonObject("latest").getJsonObject("own")).hasSize(1);
    assertThat(region.call("DELETE", OWNER + "/A").send().status()).isEqualTo(503);
    assertThat(
            region
                .call("POST", OWNER + "/rollout")
                .json(new JsonObject().put("when", "Immediate"))
                .status())
        .isEqualTo(503);
  }
}
