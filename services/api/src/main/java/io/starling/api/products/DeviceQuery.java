package io.starling.api.products;

import io.starling.directory.DeviceIndex;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Exchange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of a product's devices a page shows. What is filtered by is looked up in an index, and only
 * what that finds is gone through; without a filter, nothing but the page and what is before it.
 *
 * @param id how the id begins, empty for all
 * @param name how the name begins whatever its case, empty for all
 * @param serial how the serial number begins whatever its case, empty for all
 * @param groups in at least one of which it is, empty for all
 * @param page from 1
 */
record DeviceQuery(
    String id,
    String name,
    String serial,
    List<String> groups,
    Sort sort,
    boolean descending,
    int page,
    int perPage) {
  private static final int DEFAULT_PER_PAGE = 25;
  private static final int MAX_PER_PAGE = 1_000;
  private static final int MAX_PAGE = 10_000_000;
  private static final int MAX_GROUPS = 100;

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

  /** A page of those that were asked for, and how many there are. */
  record Found(List<Entry.Device> page, int total) {}

  /** Reads it; what is no number, or out of bounds, is brought within them. */
  static DeviceQuery of(Exchange exchange) {
    return new DeviceQuery(
        text(exchange, "deviceId").toLowerCase(Locale.ROOT),
        text(exchange, "deviceName").toLowerCase(Locale.ROOT),
        text(exchange, "serialNumber").toLowerCase(Locale.ROOT),
        Arrays.stream(text(exchange, "groups").split(",", MAX_GROUPS))
            .map(String::strip)
            .filter(group -> !group.isEmpty())
            .toList(),
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

  /** One page. For as long as a fleet is large: not for an event loop. */
  Found find(Directory directory, int product) {
    var fleet = directory.fleetIn(product);
    if (isPlain()) {
      return plain(fleet);
    }
    var all = matching(directory, product);
    all.sort(order());
    return new Found(pageOf(all), all.size());
  }

  /** All by id, as the index has them. */
  private boolean isPlain() {
    return id.isEmpty()
        && name.isEmpty()
        && serial.isEmpty()
        && groups.isEmpty()
        && sort != Sort.DEVICE_NAME;
  }

  private Found plain(DeviceIndex fleet) {
    int total = fleet.size();
    long from = (long) (page - 1) * perPage;
    if (from >= total) {
      return new Found(List.of(), total);
    }
    // From whichever end is nearer.
    boolean back = from > total / 2;
    long skip = back ? Math.max(0, total - from - perPage) : from;
    long count = Math.min(perPage, total - from);
    var ids = descending == back ? fleet.all().stream() : fleet.descending();
    var found = ids.skip(skip).limit(count).toList();
    return new Found(back ? found.reversed() : found, total);
  }

  /** All that are asked for, in no order. */
  List<Entry.Device> matching(Directory directory, int product) {
    var wanted = new HashSet<String>();
    groups.forEach(
        group -> directory.group(product, group).ifPresent(found -> wanted.add(found.id())));
    var matching = new ArrayList<Entry.Device>();
    var seen = new HashSet<Entry.Device>();
    for (var some : candidates(directory.fleetIn(product), wanted)) {
      for (var device : some) {
        // One that is in several groups is found in each.
        if (matches(device, wanted) && (wanted.size() < 2 || seen.add(device))) {
          matching.add(device);
        }
      }
    }
    return matching;
  }

  private List<Collection<Entry.Device>> candidates(DeviceIndex fleet, Set<String> wanted) {
    if (!id.isEmpty()) {
      return List.of(fleet.idStarts(id));
    }
    if (!serial.isEmpty()) {
      return List.of(fleet.serialStarts(serial));
    }
    if (!name.isEmpty()) {
      return List.of(fleet.nameStarts(name));
    }
    return groups.isEmpty() ? List.of(fleet.all()) : wanted.stream().map(fleet::inGroup).toList();
  }

  private boolean matches(Entry.Device device, Set<String> wanted) {
    return (id.isEmpty() || device.id().toString().startsWith(id))
        && starts(device.name(), name)
        && starts(device.settings().serialNumber(), serial)
        && (groups.isEmpty() || device.settings().groups().stream().anyMatch(wanted::contains));
  }

  private static boolean starts(@Nullable String text, String prefix) {
    return prefix.isEmpty() || (text != null && text.toLowerCase(Locale.ROOT).startsWith(prefix));
  }

  /** The order, where it does not depend on who is connected. */
  private Comparator<Entry.Device> order() {
    Comparator<Entry.Device> byId = Comparator.comparing(Entry.Device::id);
    Comparator<Entry.Device> order =
        sort == Sort.DEVICE_NAME
            ? Comparator.<Entry.Device, String>comparing(
                    device -> device.name() == null ? "" : device.name())
                .thenComparing(byId)
            : byId;
    return descending ? order.reversed() : order;
  }

  /** This page of a list. */
  List<Entry.Device> pageOf(List<Entry.Device> all) {
    int from = (int) Math.min((long) (page - 1) * perPage, all.size());
    return List.copyOf(all.subList(from, Math.min(all.size(), from + perPage)));
  }
}
