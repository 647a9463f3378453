package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.LedgersReply.State;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgersIT {
  @RegisterExtension private final Region region = Region.start();

  private Call.Reply create(String name, String scope, String direction) {
    var ledger = new JsonObject().put("name", name).put("scope", scope).put("direction", direction);
    return region.call("POST", "/v1/ledgers").json(new JsonObject().put("ledger", ledger));
  }

  private static JsonObject data(String text) {
    return new JsonObject().put("instance", new JsonObject().put("data", new JsonObject(text)));
  }

  @Test
  void areMadeShownAndArchived() {
    assertThat(create("config", "Device", "Downstream").status()).isEqualTo(201);
    assertThat(region.call("GET", "/v1/ledgers/config").send().json().getString("direction"))
        .isEqualTo("Downstream");
    assertThat(region.call("DELETE", "/v1/ledgers/config").send().status()).isEqualTo(204);
    assertThat(
            region
                .call("GET", "/v1/ledgers?archived=true")
                .send()
                .json()
                .getJsonArray("ledger_definitions"))
        .hasSize(1);
    assertThat(region.call("GET", "/v1/ledgers/other").send().status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a/b,Device,Upstream", "a,Owner,Upstream", "a,Fleet,Upstream", "a,Owner,Up"})
  void whatIsNoLedgerIsRefused(String fields) {
    var parts = fields.split(",", -1);
    assertThat(create(parts[0], parts[1], parts[2]).status()).isEqualTo(400);
  }

  @Test
  void anInstanceIsWrittenByDeviceNameAndOnlyIfItIsAsTheCallerSawIt() {
    var _ = create("config", "Device", "Downstream");
    String path = "/v1/ledgers/config/instances/kitchen";
    var written = region.call("PUT", path).json(data("{\"n\":1}"));
    assertThat(written.status()).isEqualTo(200);
    assertThat(written.header("ETag")).hasValue("\"1\"");
    var instance = written.json().getJsonObject("instance");
    assertThat(instance.getJsonObject("data")).isEqualTo(new JsonObject("{\"n\":1}"));
    assertThat(instance.getJsonObject("scope").getString("value"))
        .isEqualTo(region.online.toString());

    assertThat(region.call("PUT", path).header("If-Match", "\"7\"").json(data("{}")).status())
        .isEqualTo(412);
    assertThat(region.call("PUT", path).header("If-Match", "\"1\"").json(data("{}")).status())
        .isEqualTo(200);
    assertThat(
            region
                .call("PUT", "/v1/ledgers/config/instances/" + region.foreign)
                .json(data("{}"))
                .status())
        .isEqualTo(404);
    region.services.databaseDown = true;
    assertThat(region.call("PUT", path).json(data("{}")).status()).isEqualTo(503);
    assertThat(region.call("GET", path).send().status()).isEqualTo(200);
  }

  @Test
  void instancesAreListedUntilTheyAreDeletedAndALedgerMayBeDescribedAnew() {
    var _ = create("config", "Device", "Downstream");
    String all = "/v1/ledgers/config/instances";
    assertThat(region.call("PUT", all + "/kitchen").json(data("{\"n\":1}")).status())
        .isEqualTo(200);
    var listed = region.call("GET", all).send().json();
    assertThat(listed.getJsonArray("instances")).hasSize(1);
    assertThat(listed.getJsonObject("meta").getInteger("total")).isEqualTo(1);

    var described = new JsonObject().put("ledger", new JsonObject().put("description", "it"));
    assertThat(region.call("PUT", "/v1/ledgers/config").json(described).status()).isEqualTo(200);
    assertThat(region.call("DELETE", all + "/kitchen").send().status()).isEqualTo(204);
    assertThat(region.call("GET", all + "/kitchen").send().status()).isEqualTo(404);
    assertThat(region.call("GET", all).send().json().getJsonArray("instances")).isEmpty();
  }

  @Test
  void whatDevicesReportIsShown() {
    var _ = create("status", "Device", "Upstream");
    region.services.ledgers.states =
        List.of(new State(region.online.toString(), 5, "{\"n\":1}", 1, 2, null));
    var got = region.call("GET", "/v1/ledgers/status/instances/kitchen").send();
    assertThat(got.json().getJsonObject("instance").getLong("version")).isEqualTo(5);
    var versions = region.call("GET", "/v1/ledgers/status/instances/kitchen/versions").send();
    assertThat(versions.json().getJsonArray("versions")).hasSize(1);
    String one = "/v1/ledgers/status/instances/kitchen/versions/";
    assertThat(
            region
                .call("GET", one + 5)
                .send()
                .json()
                .getJsonObject("instance")
                .getJsonObject("data"))
        .isEqualTo(new JsonObject("{\"n\":1}"));
    assertThat(region.call("GET", one + 4).send().status()).isEqualTo(404);
  }
}
