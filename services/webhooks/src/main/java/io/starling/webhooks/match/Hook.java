package io.starling.webhooks.match;

import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.Origin;
import io.starling.directory.Entry;
import io.starling.webhooks.request.Properties;
import io.starling.webhooks.request.RequestTemplate;
import io.starling.webhooks.response.ResponseTemplate;
import org.jspecify.annotations.Nullable;

/**
 * One version of an integration, ready for use. Immutable.
 *
 * @param device only events of this device, null for all
 * @param product only events of this product, 0 for all
 */
public record Hook(
    Entry.Integration integration,
    @Nullable DeviceId device,
    int product,
    RequestTemplate requests,
    ResponseTemplate responses) {

  /**
   * Compiles an integration.
   *
   * @throws IllegalArgumentException if its configuration is not right, saying what to change
   */
  public static Hook of(Entry.Integration integration) {
    var properties = new Properties(integration.configuration());
    int product = product(properties);
    return new Hook(
        integration,
        device(properties),
        product,
        new RequestTemplate(integration.configuration()),
        new ResponseTemplate(integration.configuration(), product != 0));
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
            .map(text -> text.toLowerCase(java.util.Locale.ROOT))
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

  /** Whether it is switched off: what is owed to it has to wait. */
  public boolean isPaused() {
    return integration.disabled();
  }

  /** Since when it is switched off, in milliseconds; for one that is paused. */
  public long pausedAtMillis() {
    var pause = integration.pause();
    return pause == null ? 0 : pause.from().toEpochMilli();
  }

  /** Tells whether an event of its account is for it. */
  boolean wants(Event event) {
    if (!event.name().startsWith(integration.event())) {
      return false;
    }
    var pause = integration.pause();
    if (pause != null && pause.holds(event.publishedAtMillis())) {
      return false;
    }
    if (product != 0 && product != event.product()) {
      return false;
    }
    return device == null
        || (event.origin() == Origin.DEVICE && device.equals(event.id().origin()));
  }
}
