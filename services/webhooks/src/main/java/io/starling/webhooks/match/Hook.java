package io.starling.webhooks.match;

import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.Origin;
import io.starling.directory.Entry;
import io.starling.webhooks.credential.Credentials;
import io.starling.webhooks.filter.EventData;
import io.starling.webhooks.filter.Filter;
import io.starling.webhooks.request.Broker;
import io.starling.webhooks.request.BucketTemplate;
import io.starling.webhooks.request.Properties;
import io.starling.webhooks.request.RequestTemplate;
import io.starling.webhooks.request.Requests;
import io.starling.webhooks.response.ResponseTemplate;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One version of an integration, ready for use. Immutable.
 *
 * @param device only events of this device, null for all
 * @param product only events of this product, 0 for all
 * @param groups only events of devices that are in one of these groups of the product, none for all
 * @param filter only events whose data it lets through, null for all
 * @param broker where its events go as messages, null if they go to a webhook
 */
public record Hook(
    Entry.Integration integration,
    @Nullable DeviceId device,
    int product,
    List<String> groups,
    @Nullable Filter filter,
    Terms terms,
    Credentials credentials,
    @Nullable Broker broker,
    Requests requests,
    ResponseTemplate responses) {
  private static final int MOST_GROUPS = 20;

  /**
   * Compiles an integration.
   *
   * @throws IllegalArgumentException if its configuration is not right, saying what to change
   */
  public static Hook of(Entry.Integration integration) {
    var configuration = integration.configuration();
    var properties = new Properties(configuration);
    int product = product(properties);
    var broker = Broker.of(configuration);
    return new Hook(
        integration,
        device(properties),
        product,
        groups(properties, product),
        filter(properties),
        terms(configuration),
        Credentials.of(properties),
        broker,
        requests(configuration, broker),
        new ResponseTemplate(configuration, product != 0));
  }

  private static Terms terms(JsonObject configuration) {
    return Terms.of(
        new Properties(
            BucketTemplate.isFor(configuration)
                ? BucketTemplate.batched(configuration)
                : configuration));
  }

  private static Requests requests(JsonObject configuration, @Nullable Broker broker) {
    if (broker != null) {
      return new RequestTemplate(Broker.asWebhook(configuration));
    }
    return BucketTemplate.isFor(configuration)
        ? BucketTemplate.of(configuration)
        : new RequestTemplate(configuration);
  }

  /**
   * The device filter of a configuration, however its sender spells it; null if there is none.
   *
   * @throws IllegalArgumentException if it is no device id
   */
  private static @Nullable DeviceId device(Properties properties) {
    String id =
        properties
            .text("deviceID", "deviceid", "deviceId")
            .map(text -> text.toLowerCase(Locale.ROOT))
            .orElse(null);
    if (id == null) {
      return null;
    }
    if (!DeviceId.isValid(id)) {
      throw new IllegalArgumentException("deviceID must be 24 hexadecimal digits");
    }
    return DeviceId.of(id);
  }

  private static int product(Properties properties) {
    String number = properties.text("productID", "productid", "productId").orElse("0");
    if (!number.matches("\\d{1,9}")) {
      throw new IllegalArgumentException("productID must be a number");
    }
    return Integer.parseInt(number);
  }

  private static List<String> groups(Properties properties, int product) {
    var groups = new ArrayList<>(properties.texts("groups"));
    groups.addAll(properties.texts("group"));
    if (groups.size() > MOST_GROUPS) {
      throw new IllegalArgumentException("more than " + MOST_GROUPS + " groups are named");
    }
    if (!groups.isEmpty() && product == 0) {
      throw new IllegalArgumentException("groups are those of a product: productID is missing");
    }
    return List.copyOf(groups);
  }

  private static @Nullable Filter filter(Properties properties) {
    var source = properties.object("filter");
    return source == null || source.isEmpty() ? null : Filter.of(source);
  }

  /** Whether it is switched off: what is owed to it has to wait. */
  public boolean isPaused() {
    return integration.disabled();
  }

  /** Since when it is switched off, in milliseconds; for one that is paused. */
  public long pausedAtMillis() {
    var pause = integration.pause();
    return pause == null ? 0 : pause.from().toEpochMilli();
  }

  /** Why an event of its account is not for it; null if it is. */
  @Nullable Obstacle obstacle(Event event, EventData data, Groups memberships) {
    if (event.origin() == Origin.CLOUD) {
      return Obstacle.CLOUD;
    }
    if (!event.name().startsWith(integration.event())) {
      return Obstacle.NAME;
    }
    var pause = integration.pause();
    if (pause != null && pause.holds(event.publishedAtMillis())) {
      return Obstacle.PAUSED;
    }
    if (product != 0 && product != event.product()) {
      return Obstacle.PRODUCT;
    }
    boolean ofDevice = event.origin() == Origin.DEVICE;
    if (device != null && !(ofDevice && device.equals(event.id().origin()))) {
      return Obstacle.DEVICE;
    }
    if (!groups.isEmpty() && !(ofDevice && isInGroup(event.id().origin(), memberships))) {
      return Obstacle.GROUP;
    }
    return filter == null || filter.matches(data) ? null : Obstacle.FILTER;
  }

  private boolean isInGroup(DeviceId id, Groups memberships) {
    return !Collections.disjoint(memberships.of(id, product), groups);
  }

  /** An obstacle in words. */
  String words(Obstacle obstacle, Event event, EventData data) {
    return switch (obstacle) {
      case CLOUD -> "events of the cloud itself start no integrations";
      case NAME -> "the name does not start with " + integration.event();
      case PAUSED -> "it was disabled when the event was published";
      case PRODUCT ->
          "it is for product "
              + product
              + (event.product() == 0 ? ", the event is of none" : ", not " + event.product());
      case DEVICE -> "it is for device " + device;
      case GROUP -> "the device is in none of the groups " + String.join(", ", groups);
      case FILTER -> filter == null ? "" : "filter: " + filter.failing(data).orElse("");
      case BROKEN -> "";
    };
  }
}
