package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermissionsIT {
  private static final String PATH = "/v1/products/thermo/permissions";
  private static final JsonObject RULE =
      new JsonObject().put("effect", "allow").put("action", "publish").put("filter", "%device%/#");

  private static Region region;

  @BeforeAll
  static void start() {
    region = Region.start();
  }

  @AfterAll
  static void stop() {
    region.close();
  }

  private static JsonObject body(Object... rules) {
    return new JsonObject().put("permissions", new JsonArray(List.of(rules)));
  }

  @Test
  void setsAllAtOnceAndShowsThemAtOnce() {
    var deny = RULE.copy().put("effect", "deny").put("action", "all").put("filter", "secret/+");
    var reply = region.call("PUT", PATH).json(body(RULE, deny));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json()).isEqualTo(body(RULE, deny).put("ok", true));
    assertThat(region.call("GET", PATH).send().json()).isEqualTo(reply.json());

    assertThat(region.call("PUT", PATH).json(body()).status()).isEqualTo(200);
    assertThat(region.call("GET", PATH).send().json()).isEqualTo(body().put("ok", true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"permissions\":{}}",
        "{\"permissions\":\"[]\"}",
        "{\"permissions\":[],\"mode\":\"strict\"}",
        "{\"permissions\":[7]}",
        "{\"permissions\":[{\"effect\":\"allow\",\"action\":\"all\"}]}",
        "{\"permissions\":[{\"effect\":\"Allow\",\"action\":\"all\",\"filter\":\"a\"}]}",
        "{\"permissions\":[{\"effect\":\"allow\",\"action\":\"read\",\"filter\":\"a\"}]}",
        "{\"permissions\":[{\"effect\":\"allow\",\"action\":\"all\",\"filter\":null}]}",
        "{\"permissions\":[{\"effect\":\"allow\",\"action\":\"all\",\"filter\":\"a#\"}]}",
        "{\"permissions\":[{\"effect\":\"allow\",\"action\":\"all\",\"filter\":\"%user%\"}]}",
        "{\"permissions\":[{\"effect\":\"allow\",\"action\":\"all\",\"filter\":\"$share/a/b\"}]}",
        "{\"permissions\":[{\"effect\":\"allow\",\"action\":\"all\",\"filter\":\"a\",\"qos\":1}]}",
      })
  void refusesWhatItDoesNotUnderstand(String body) {
    var reply = region.call("PUT", PATH).raw("application/json", body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().getString("error")).startsWith("permissions");
  }

  @Test
  void refusesTooManyAndTooLongOnes() {
    var tooMany = body(Collections.nCopies(51, RULE).toArray());
    assertThat(region.call("PUT", PATH).json(tooMany).status()).isEqualTo(400);
    var tooLong = body(RULE.copy(), RULE.copy().put("filter", "x".repeat(513)));
    var reply = region.call("PUT", PATH).json(tooLong);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().getString("error"))
        .isEqualTo("permissions[1]: filter must be text of at most 512 bytes");
  }

  @Test
  void areTheOwnersAlone() {
    for (String method : new String[] {"GET", "PUT"}) {
      var foreign =
          region
              .anonymous(method, PATH)
              .header("Authorization", "Bearer " + Region.OTHER_TOKEN)
              .json(body(RULE));
      assertThat(foreign.status()).isEqualTo(404);
      assertThat(foreign.text()).isEqualTo("{\"ok\":false,\"error\":\"Product not found.\"}");
    }
    assertThat(region.anonymous("GET", PATH).send().status()).isEqualTo(400);
  }

  @Test
  void cannotBeChangedWithoutTheDatabaseButRead() {
    region.services.databaseDown = true;
    try {
      var reply = region.call("PUT", PATH).json(body(RULE));
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).hasValue("3");
      assertThat(region.call("GET", PATH).send().status()).isEqualTo(200);
    } finally {
      region.services.databaseDown = false;
    }
  }
}
