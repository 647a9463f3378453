package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.LibrariesReply.LibraryRefused.Reason;
import io.starling.contract.LibrariesRequest;
import io.starling.contract.LibrariesRequest.FindLibraries;
import io.starling.contract.LibrariesRequest.Order;
import io.starling.contract.LibrariesRequest.Whose;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibrariesIT {
  private static final String PROPERTIES =
      "name=blink\nversion=1.0.0\nauthor=Ada\narchitectures=argon, boron\nother=thing\n";

  @RegisterExtension private final Region region = Region.start();

  static byte[] blink() {
    return new TarGz().file("library.properties", PROPERTIES).file("src/blink.h", "x").bytes();
  }

  private Call.Reply upload(byte[] archive) {
    return region.call("POST", "/v1/libraries").file("file", archive);
  }

  private static String message(Call.Reply reply) {
    return reply.json().getJsonArray("errors").getJsonObject(0).getString("message");
  }

  private Call.Reply as(String token, String method, String path) {
    return region.anonymous(method, path).header("Authorization", "Bearer " + token).send();
  }

  @Test
  void areTakenShownAndHandedOut() {
    var taken = upload(blink());
    assertThat(taken.status()).as(taken.text()).isEqualTo(201);
    var data = taken.json().getJsonObject("data");
    assertThat(data.getString("id")).isEqualTo("blink");
    assertThat(data.getJsonObject("attributes"))
        .isEqualTo(
            new JsonObject(
                "{\"name\":\"blink\",\"version\":\"1.0.0\",\"visibility\":\"private\",\"mine\":true,"
                    + "\"installs\":7,\"official\":false,\"verified\":false,"
                    + "\"created_at\":\"1970-01-01T00:00:01.000Z\",\"author\":\"Ada\","
                    + "\"architectures\":[\"argon\",\"boron\"]}"));
    String link = data.getJsonObject("links").getString("download");
    assertThat(link).isEqualTo(region.url("/v1/libraries/download/link-to-blink"));
    var archive = region.anonymous("GET", "/v1/libraries/download/link-to-blink").send();
    assertThat(archive.status()).isEqualTo(200);
    assertThat(archive.header("Content-Type")).hasValue("application/gzip");
    assertThat(region.anonymous("GET", "/v1/libraries/download/none").send().status())
        .isEqualTo(404);
    for (String path : List.of("/v1/libraries/blink", "/v1/libraries/blink/versions")) {
      assertThat(region.call("GET", path).send().text()).contains("link-to-blink");
    }
    assertThat(region.services.libraries.archive("blink").getBytes()).isEqualTo(blink());
  }

  @Test
  void areTheirAccountsUntilTheyArePublished() {
    var _ = upload(blink());
    String path = "/v1/libraries/blink";
    assertThat(as(Region.OTHER_TOKEN, "GET", path).status()).isEqualTo(404);
    assertThat(as(Region.OTHER_TOKEN, "DELETE", path).status()).isEqualTo(404);
    var visible = new JsonObject().put("visibility", "public");
    assertThat(region.call("PATCH", path).json(new JsonObject()).status()).isEqualTo(400);
    assertThat(region.call("PATCH", path).json(visible).text()).contains("\"public\"");
    assertThat(as(Region.OTHER_TOKEN, "GET", path).status()).isEqualTo(200);
    var kept = region.call("DELETE", path).send();
    assertThat(kept.status()).isEqualTo(409);
    assertThat(message(kept)).contains("published");
  }

  @Test
  void onesOwnAreDeleted() {
    var _ = upload(blink());
    assertThat(region.call("DELETE", "/v1/libraries/blink").send().status()).isEqualTo(204);
    var gone = region.call("GET", "/v1/libraries/blink").send();
    assertThat(gone.status()).isEqualTo(404);
    assertThat(message(gone)).isEqualTo("Library not found");
  }

  @Test
  void areFoundAsAskedFor() {
    var _ = upload(blink());
    String query =
        "/v1/libraries?filter=bli&scope=public&excludeScopes=mine,verified&architectures=argon,*"
            + "&category=x&sort=official,-installs,name&page=3&limit=500";
    assertThat(region.call("GET", query).send().json().getJsonArray("data")).hasSize(1);
    assertThat(region.services.libraries.asked)
        .isEqualTo(
            new FindLibraries(
                region.person,
                "bli",
                Whose.PUBLIC,
                true,
                List.of("argon"),
                "x",
                Order.MOST_INSTALLED,
                200,
                100));
    assertThat(
            region.call("GET", "/v1/libraries?scope=official").send().json().getJsonArray("data"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"scope=none", "page=0", "limit=x", "page=-1"})
  void questionsThatMeanNothingAreRefused(String query) {
    assertThat(region.call("GET", "/v1/libraries?" + query).send().status()).isEqualTo(400);
    if (!query.startsWith("scope")) {
      assertThat(region.call("GET", "/v1/libraries/blink/versions?" + query).send().status())
          .isEqualTo(400);
    }
  }

  @Test
  void whatIsNoLibraryIsRefused() {
    var bad = upload("nothing".getBytes(StandardCharsets.UTF_8));
    assertThat(bad.status()).isEqualTo(400);
    assertThat(message(bad)).contains("tar.gz");
    assertThat(region.call("POST", "/v1/libraries").json(new JsonObject()).status()).isEqualTo(400);
    assertThat(upload(new byte[LibrariesRequest.MAX_ARCHIVE_BYTES + 1]).status()).isEqualTo(413);
    for (var reason : Reason.values()) {
      region.services.libraries.refusal = reason;
      assertThat(upload(blink()).status()).isEqualTo(409);
    }
  }

  @Test
  void withoutADatabaseThereAreNone() {
    region.services.databaseDown = true;
    assertThat(region.call("GET", "/v1/libraries").send().status()).isEqualTo(503);
    assertThat(upload(blink()).status()).isEqualTo(503);
  }
}
