package io.starling.standalone.operator;

import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Products. */
@Command(name = "products", description = "Shows, creates and deletes products.")
final class ProductsCommand {
  private static final String[] FIELDS = {"id", "slug", "name", "description"};

  @Command(description = "lists your products")
  int list(@Mixin Region region) {
    var answer = region.get("/v1/products");
    region.show(answer, answer.getJsonArray("products"), FIELDS);
    return 0;
  }

  @Command(description = "shows a product")
  int show(@Mixin Region region, @Parameters(paramLabel = "PRODUCT") String product) {
    var answer = region.get("/v1/products/" + Region.part(product));
    region.show(answer, answer.getJsonObject("product"));
    return 0;
  }

  @Command(description = "creates a product")
  int create(
      @Mixin Region region,
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--description", defaultValue = "") String description,
      @Option(names = "--platform", defaultValue = "0") int platform) {
    var product =
        new JsonObject()
            .put("name", name)
            .put("description", description)
            .put("platform_id", platform);
    var body = new JsonObject().put("product", product);
    var answer = (JsonObject) region.ask("POST", "/v1/user/products", body);
    region.show(answer, answer.getJsonObject("product"), FIELDS);
    return 0;
  }

  @Command(description = "deletes a product that has no devices")
  int delete(@Mixin Region region, @Parameters(paramLabel = "PRODUCT") String product) {
    var done = region.ask("DELETE", "/v1/products/" + Region.part(product), null);
    region.show(done, "deleted " + product);
    return 0;
  }
}
