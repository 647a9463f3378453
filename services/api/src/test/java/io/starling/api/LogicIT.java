package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LogicIT {
  @RegisterExtension private final Region region = Region.start();

  @Test
  void thereAreNoLogicFunctionsAndNoneIsMadeOrRun() {
    assertThat(
            region.call("GET", "/v1/logic/functions").send().json().getJsonArray("logic_functions"))
        .isEmpty();
    for (String path : new String[] {"/v1/logic/functions", "/v1/logic/execute"}) {
      var refused = region.call("POST", path).json(new JsonObject());
      assertThat(refused.status()).isEqualTo(501);
      assertThat(refused.json().getString("error")).contains("not offered here");
    }
    assertThat(region.call("GET", "/v1/logic/functions/any/runs/1/logs").send().status())
        .isEqualTo(404);
  }
}
