package io.starling.api.products;

import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A product as the API shows it. */
final class ProductJson {
  /** What is shown as it was set. */
  static final List<String> OTHER_SETTINGS = List.of("location", "known_application");

  private final Directory directory;

  /** Groups are named from this directory. */
  ProductJson(Directory directory) {
    this.directory = directory;
  }

  JsonObject of(Entry.Product product) {
    var settings = new JsonObject();
    for (String name : OTHER_SETTINGS) {
      settings.put(name, product.settings().getJsonObject(name, new JsonObject()));
    }
    int days = product.eventRetentionDays();
    settings.put(Entry.Product.EVENT_RETENTION, days == 0 ? null : days);
    var groups = directory.groupsOf(product.id()).stream().map(Entry.DeviceGroup::name).toList();
    var organization = directory.organizations().find(product.owner());
    var json =
        new JsonObject()
            .put("id", product.id())
            .put("platform_id", product.platform())
            .put("name", product.name())
            .put("slug", product.slug())
            .put("description", product.description());
    organization.ifPresentOrElse(
        owner -> json.put("org", owner.id().toString()).put("organization", owner.slug()),
        () -> json.put("user", product.owner().toString()));
    return json.put("settings", settings.put("quarantine", product.quarantine()))
        .put("groups", new JsonArray(groups))
        .put("subscription_id", null)
        .put("mb_limit", null)
        .put("device_protection", null);
  }
}
