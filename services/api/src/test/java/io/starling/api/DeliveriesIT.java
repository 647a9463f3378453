package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeliveriesReply.State;
import io.starling.contract.DeliveriesRequest;
import io.starling.contract.DeliveriesRequest.Filter;
import io.starling.contract.DeviceId;
import io.starling.contract.IntegrationId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeliveriesIT {
  @RegisterExtension private final Region region = Region.start();

  private String create() {
    var hook = new JsonObject().put("event", "temp").put("url", "https://example.com/");
    return region.call("POST", "/v1/integrations").json(hook).json().getString("id");
  }

  @Test
  void listsWhatIsOwedAndSendsItAgain() {
    String id = create();
    String path = "/v1/integrations/" + id;
    var device = DeviceId.of("0123456789abcdef01234567");
    var listed =
        region
            .call(
                "GET",
                path
                    + "/deliveries?state=parked&from=1000&to=2000&device="
                    + device
                    + "&event=temp&cursor=1_3&per_page=7")
            .send();
    assertThat(listed.status()).isEqualTo(200);
    assertThat(listed.json().getString("next")).isEqualTo("1_2");
    var shown = listed.json().getJsonArray("deliveries").getJsonObject(0);
    assertThat(shown.getString("state")).isEqualTo("parked");
    assertThat(shown.getString("due_at")).isEqualTo("1970-01-01T00:00:02.000Z");
    var filter = new Filter(IntegrationId.of(id), State.PARKED, 1_000, 2_000, device, "temp");
    assertThat(region.services.lastDeliveries)
        .isEqualTo(new DeliveriesRequest.Page(filter, "1_3", 7));

    var again = region.call("POST", path + "/redeliver").json(new JsonObject()).json();
    assertThat(again.getInteger("count")).isEqualTo(7);
    var all = new Filter(IntegrationId.of(id), State.DEAD, 0, Long.MAX_VALUE, null, null);
    assertThat(region.services.lastDeliveries)
        .isEqualTo(new DeliveriesRequest.Redeliver(all, List.of(), false));
    var some = new JsonObject().put("ids", new JsonArray().add("1-2-" + id)).put("dryRun", true);
    assertThat(region.call("POST", path + "/redeliver").json(some).json().getBoolean("dry_run"))
        .isTrue();
    assertThat(region.services.lastDeliveries)
        .isEqualTo(new DeliveriesRequest.Redeliver(all, List.of("1-2-" + id), true));
  }

  @Test
  void whatIsAskedWronglyOfDeliveriesIsRefused() {
    String path = "/v1/integrations/" + create();
    for (String wrong :
        new String[] {
          "from=soon",
          "from=2&to=1",
          "state=lost",
          "device=mine",
          "per_page=0",
          "per_page=101",
          "cursor=" + "1".repeat(121),
          "cursor=lost",
          "event=%00"
        }) {
      assertThat(region.call("GET", path + "/deliveries?" + wrong).send().status())
          .as(wrong)
          .isEqualTo(400);
    }
    for (String wrong :
        new String[] {
          "{\"ids\":[]}",
          "{\"ids\":\"1\"}",
          "{\"ids\":[1]}",
          "{\"ids\":[\"x y\"]}",
          "{\"dryRun\":\"perhaps\"}",
          "{\"state\":\"lost\"}",
          "{\"from\":\"soon\"}"
        }) {
      assertThat(region.call("POST", path + "/redeliver").json(new JsonObject(wrong)).status())
          .as(wrong)
          .isEqualTo(400);
    }
    String none = "/v1/integrations/" + "f".repeat(24);
    assertThat(region.call("GET", none + "/deliveries").send().status()).isEqualTo(404);
    assertThat(region.call("POST", none + "/redeliver").send().status()).isEqualTo(404);
    region.services.databaseDown = true;
    var down = region.call("GET", path + "/deliveries").send();
    assertThat(down.status()).isEqualTo(503);
    assertThat(down.header("Retry-After")).hasValue("3");
  }
}
