package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Devices put into a product, one by one and by files. */
class MembershipIT {
  private static final String DEVICES = "/v1/products/77/devices";
  private static final String TYPE = "multipart/form-data; boundary=xyz";

  @RegisterExtension private final Region region = Region.start();

  private static String part(String name, String content) {
    return "--xyz\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"; filename=\"file\"\r\nContent-Type: text/plain\r\n\r\n"
        + content
        + "\r\n--xyz--\r\n";
  }

  private Call.Reply upload(String content) {
    return region.call("POST", DEVICES).raw(TYPE, part("file", content));
  }

  private static String ids(int count) {
    return Stream.generate(() -> DeviceId.create().toString())
        .limit(count)
        .collect(Collectors.joining("\n"));
  }

  @Test
  void aFileHasOneIdALine() {
    String id = DeviceId.create().toString();
    var reply = upload("\n" + id.toUpperCase(java.util.Locale.ROOT) + "\r\n" + id + "\n\nbad");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json())
        .isEqualTo(
            new JsonObject()
                .put("updated", 1)
                .put("updatedDeviceIds", new JsonArray().add(id))
                .put("existingDeviceIds", new JsonArray())
                .put("nonmemberDeviceIds", new JsonArray())
                .put("invalidDeviceIds", new JsonArray().add("bad")));
    assertThat(region.call("GET", DEVICES + "/" + id).send().status()).isEqualTo(200);
  }

  @Test
  void aFileOfManyBatchesIsTakenWhole() {
    var reply = upload(ids(3_500));
    assertThat(reply.json().getInteger("updated")).isEqualTo(3_500);
  }

  @Test
  void aFormAndAJsonBodyNameTheDeviceToo() {
    String id = DeviceId.create().toString();
    assertThat(region.call("POST", DEVICES).form("id=" + id).json().getInteger("updated")).isOne();
    assertThat(
            region
                .call("POST", DEVICES)
                .json(new JsonObject().put("ids", new JsonArray().add(id)))
                .json()
                .getInteger("updated"))
        .isOne();
  }

  @Test
  void whatIsNoSuchFileIsRefused() {
    assertThat(upload(ids(10_001)).status()).isEqualTo(413);
    assertThat(upload("x".repeat(300)).status()).isEqualTo(400);
    assertThat(region.call("POST", DEVICES).raw(TYPE, part("other", "x")).status()).isEqualTo(400);
    assertThat(region.call("POST", DEVICES).raw(TYPE, "--xyz--\r\n").status()).isEqualTo(400);
    assertThat(region.call("POST", "/v1/devices").raw(TYPE, part("file", "x")).status())
        .isEqualTo(415);
  }

  @Test
  void aFileIsTakenFromNobodyElse() {
    var replies =
        List.of(
            region.anonymous("POST", DEVICES).raw(TYPE, part("file", ids(1))),
            region
                .anonymous("POST", DEVICES)
                .header("Authorization", "Bearer " + Region.OTHER_TOKEN)
                .raw(TYPE, part("file", ids(1))));
    assertThat(replies.getFirst().status()).isEqualTo(400);
    assertThat(replies.getLast().status()).isEqualTo(404);
  }

  @Test
  void aFileIsNotTakenWithoutTheDatabase() {
    region.services.databaseDown = true;
    var reply = upload(ids(2_500));
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).hasValue("3");
  }
}
