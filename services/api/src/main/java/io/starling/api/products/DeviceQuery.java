package io.starling.api.products;

import io.starling.directory.Entry;
import io.starling.http.Exchange;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * Which of a product's devices a page shows.
 *
 * @param id a part of the id, empty for all
 * @param name a part of the name whatever its case, empty for all
 * @param group nothing is in a group yet: one that is asked for shows no devices
 * @param page from 1
 */
record DeviceQuery(
    String id, String name, String group, Sort sort, boolean descending, int page, int perPage) {
  private static final int DEFAULT_PER_PAGE = 25;
  private static final int MAX_PER_PAGE = 1_000;
  private static final int MAX_PAGE = 10_000_000;

  enum Sort {
    DEVICE_ID("deviceId"),
    DEVICE_NAME("deviceName"),
    FIRMWARE_VERSION("firmwareVersion"),
    LAST_CONNECTION("lastConnection");

    private final String text;

    Sort(String text) {
      this.text = text;
    }

    static Optional<Sort> of(String text) {
      for (Sort sort : values()) {
        if (sort.text.equals(text)) {
          return Optional.of(sort);
        }
      }
      return Optional.empty();
    }
  }

  /** Reads it; what is no number, or out of bounds, is brought within them. */
  static DeviceQuery of(Exchange exchange) {
    return new DeviceQuery(
        text(exchange, "deviceId").toLowerCase(Locale.ROOT),
        text(exchange, "deviceName").toLowerCase(Locale.ROOT),
        text(exchange, "groups"),
        Sort.of(text(exchange, "sortAttr")).orElse(Sort.DEVICE_ID),
        "desc".equals(text(exchange, "sortDir")),
        number(text(exchange, "page"), 1, MAX_PAGE),
        number(
            exchange.query("per_page").or(() -> exchange.query("perPage")).orElse(""),
            DEFAULT_PER_PAGE,
            MAX_PER_PAGE));
  }

  private static String text(Exchange exchange, String name) {
    return exchange.query(name).orElse("");
  }

  private static int number(String text, int fallback, int max) {
    return text.matches("\\d{1,9}") ? Math.clamp(Long.parseLong(text), 1, max) : fallback;
  }

  boolean matches(Entry.Device device) {
    return group.isEmpty()
        && (id.isEmpty() || device.id().toString().contains(id))
        && (name.isEmpty()
            || (device.name() != null && device.name().toLowerCase(Locale.ROOT).contains(name)));
  }

  /** The order, where it does not depend on who is connected. */
  Comparator<Entry.Device> order() {
    Comparator<Entry.Device> byId = Comparator.comparing(Entry.Device::id);
    Comparator<Entry.Device> order =
        sort == Sort.DEVICE_NAME
            ? Comparator.<Entry.Device, String>comparing(
                    device -> device.name() == null ? "" : device.name())
                .thenComparing(byId)
            : byId;
    return descending ? order.reversed() : order;
  }
}
