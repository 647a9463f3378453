package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files of devices that are taken in while nobody waits for it. */
class ImportsIT {
  private static final String IMPORTS = "/v1/products/77/imports";

  @RegisterExtension private final Region region = Region.start();

  private Call.Reply upload(String content) {
    return region
        .call("POST", IMPORTS)
        .raw(
            "multipart/form-data; boundary=xyz",
            "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n\r\n"
                + content
                + "\r\n--xyz--\r\n");
  }

  private JsonObject job() {
    return region.call("GET", IMPORTS + "/i1").send().json().getJsonObject("import");
  }

  @Test
  void aFileIsStoredLineByLineAndAnsweredBeforeItIsTakenIn() {
    String lines =
        IntStream.range(0, 2_500).mapToObj(i -> "d" + i).collect(Collectors.joining("\n"));
    var reply = upload("id,name\n\n" + lines + "\n");

    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.json().getJsonObject("import").getString("state")).isEqualTo("waiting");
    assertThat(region.services.imports.lines).hasSize(2_502).startsWith("id,name", "", "d0");
    assertThat(job())
        .isEqualTo(
            new JsonObject(
                """
                {"id":"i1","state":"waiting","lines":2502,"read":6,"added":1,"created":1,"existing":1,
                 "nonmember":1,"invalid":2,"invalid_lines":[{"line":3,"reason":"not so"}],
                 "created_at":"1970-01-01T00:00:00.000Z","updated_at":"1970-01-01T00:00:00.001Z","finished_at":null}
                """));
    assertThat(region.call("GET", IMPORTS).send().json().getJsonArray("imports"))
        .isEqualTo(new JsonArray().add(job()));
  }

  @Test
  void aSecondOneOfTheProductIsRefusedUntilTheFirstIsCancelled() {
    assertThat(upload("a").status()).isEqualTo(202);
    assertThat(upload("a").status()).isEqualTo(409);
    assertThat(region.call("DELETE", IMPORTS + "/i1").send().status()).isEqualTo(204);
    assertThat(job().getString("finished_at")).isEqualTo("1970-01-01T00:00:00.002Z");
    assertThat(upload("a").status()).isEqualTo(202);
  }

  @Test
  void aFileThatCannotBeReadLeavesNoneUnderWay() {
    assertThat(upload("x".repeat(600)).status()).isEqualTo(400);
    assertThat(job().getString("state")).isEqualTo("cancelled");
    assertThat(upload("").status()).isEqualTo(400);
    assertThat(job().getString("state")).isEqualTo("cancelled");
    assertThat(region.call("POST", IMPORTS).json(new JsonObject()).status()).isEqualTo(400);
  }

  @Test
  void whatIsNotThereOrAnothersIsNotFound() {
    assertThat(region.call("GET", IMPORTS + "/i2").send().status()).isEqualTo(404);
    assertThat(region.call("DELETE", IMPORTS + "/i2").send().status()).isEqualTo(404);
    for (String path : new String[] {IMPORTS, IMPORTS + "/i1"}) {
      var foreign =
          region.anonymous("GET", path).header("Authorization", "Bearer " + Region.OTHER_TOKEN);
      assertThat(foreign.send().status()).isEqualTo(404);
    }
  }

  @Test
  void withoutADatabaseItIsToBeTriedAgain() {
    region.services.databaseDown = true;
    assertThat(upload("a").status()).isEqualTo(503);
    assertThat(region.call("GET", IMPORTS).send().status()).isEqualTo(503);
  }
}
