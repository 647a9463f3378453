package io.starling.standalone.operator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Devices. */
@Command(name = "devices", description = "Shows, creates, claims, releases and calls devices.")
final class DevicesCommand {
  private static final String[] FIELDS = {"id", "name", "product_id", "online", "last_heard"};
  private static final int PER_PAGE = 1_000;

  @Command(description = "lists your devices, or all of a product")
  int list(
      @Mixin Region region,
      @Option(names = "--product", paramLabel = "PRODUCT") @Nullable String product) {
    var devices = product == null ? region.list("/v1/devices") : ofProduct(region, product);
    region.show(devices, devices, FIELDS);
    return 0;
  }

  private static JsonArray ofProduct(Region region, String product) {
    var all = new JsonArray();
    int pages = 1;
    for (int page = 1; page <= pages; page++) {
      var answer =
          region.get(
              "/v1/products/%s/devices?per_page=%d&page=%d"
                  .formatted(Region.part(product), PER_PAGE, page));
      var _ = all.addAll(answer.getJsonArray("devices"));
      pages = answer.getJsonObject("meta").getInteger("total_pages");
    }
    return all;
  }

  @Command(description = "shows a device")
  int show(
      @Mixin Region region,
      @Parameters(paramLabel = "DEVICE") String device,
      @Option(names = "--product", paramLabel = "PRODUCT") @Nullable String product) {
    var answer = region.get(path(device, product));
    region.show(answer, answer);
    return 0;
  }

  @Command(description = "creates devices in a product; their secrets are shown this once")
  int create(
      @Mixin Region region,
      @Option(names = "--product", paramLabel = "PRODUCT", required = true) String product,
      @Option(names = "--count", defaultValue = "1") int count) {
    var answer =
        (JsonObject)
            region.ask(
                "POST",
                "/v1/products/" + Region.part(product) + "/devices/bulk",
                new JsonObject().put("count", count));
    region.show(answer, answer.getJsonArray("devices"), "id", "secret");
    return 0;
  }

  @Command(description = "claims a device")
  int claim(@Mixin Region region, @Parameters(paramLabel = "ID") String id) {
    region.show(region.ask("POST", "/v1/devices", new JsonObject().put("id", id)), "claimed " + id);
    return 0;
  }

  @Command(description = "gives a device up: somebody else may claim it")
  int release(@Mixin Region region, @Parameters(paramLabel = "DEVICE") String device) {
    region.show(region.ask("DELETE", path(device, null), null), "released " + device);
    return 0;
  }

  @Command(description = "asks a device whether it is there; exit status 1 if it is not")
  int ping(
      @Mixin Region region,
      @Parameters(paramLabel = "DEVICE") String device,
      @Option(names = "--product", paramLabel = "PRODUCT") @Nullable String product) {
    var answer = (JsonObject) region.ask("PUT", path(device, product) + "/ping", new JsonObject());
    region.show(answer, answer, "online");
    return answer.getBoolean("online") ? 0 : Failure.REFUSED;
  }

  @Command(description = "calls a function of a device")
  int call(
      @Mixin Region region,
      @Parameters(paramLabel = "DEVICE") String device,
      @Parameters(paramLabel = "FUNCTION") String function,
      @Parameters(paramLabel = "ARGUMENT", defaultValue = "") String argument,
      @Option(names = "--product", paramLabel = "PRODUCT") @Nullable String product) {
    var answer =
        (JsonObject)
            region.ask(
                "POST",
                path(device, product) + "/" + Region.part(function),
                new JsonObject().put("arg", argument));
    region.show(answer, answer.getValue("return_value"));
    return 0;
  }

  @Command(description = "reads a variable of a device")
  int get(
      @Mixin Region region,
      @Parameters(paramLabel = "DEVICE") String device,
      @Parameters(paramLabel = "VARIABLE") String variable,
      @Option(names = "--product", paramLabel = "PRODUCT") @Nullable String product) {
    var answer = region.get(path(device, product) + "/" + Region.part(variable));
    region.show(answer, answer.getValue("result").toString());
    return 0;
  }

  private static String path(String device, @Nullable String product) {
    String parent = product == null ? "/v1" : "/v1/products/" + Region.part(product);
    return parent + "/devices/" + Region.part(device);
  }
}
