package io.starling.api.products;

import io.starling.contract.AccountId;
import io.starling.directory.DeviceIndex;
import io.starling.directory.DeviceRange;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Exchange;
import io.starling.http.Page;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which of a product's devices a page shows. What is filtered by is looked up in an index, and only
 * what that finds is gone through; without a filter, nothing but the page and what is before it.
 *
 * @param id how the id begins, empty for all
 * @param name how the name begins whatever its case, empty for all
 * @param serial how the serial number begins whatever its case, empty for all
 * @param groups in at least one of which it is, empty for all
 * @param customer the address of the customer who has it, empty for all
 */
record DeviceQuery(
    String id,
    String name,
    String serial,
    List<String> groups,
    String customer,
    Sort sort,
    boolean descending,
    Page page) {
  private static final Page.Bounds PAGES = new Page.Bounds(25, 1_000);
  private static final int MAX_GROUPS = 100;

  /** The most that are sorted for one page. */
  private static final int MAX_SORTED = 20_000;

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
        text(exchange, "customer"),
        Sort.of(text(exchange, "sortAttr")).orElse(Sort.DEVICE_ID),
        "desc".equals(text(exchange, "sortDir")),
        Page.within(exchange, PAGES));
  }

  private static String text(Exchange exchange, String name) {
    return exchange.query(name).orElse("");
  }

  /** One page. For as long as a fleet is large: not for an event loop. */
  Found find(Directory directory, int product) {
    var fleet = directory.fleetIn(product);
    var wanted = wanted(directory, product);
    var inOrder = sort == Sort.DEVICE_NAME ? fleet.inOrderOfNames() : fleet.inOrder();
    var narrow = narrowest(fleet, wanted, inOrder);
    if (narrow.isExact() && narrow.isInOrder()) {
      return page(narrow.range(), narrow.range().size(), _ -> true);
    }
    Predicate<Entry.Device> isAsked = device -> matches(device, wanted);
    if (narrow.range().size() > MAX_SORTED) {
      // Longer than going through all in order, as soon as there are many.
      int total = narrow.isExact() ? narrow.range().size() : count(narrow.range(), isAsked);
      if (total > MAX_SORTED) {
        return page(inOrder, total, isAsked);
      }
    }
    var all = narrow.range().devices().stream().filter(isAsked).sorted(order()).toList();
    return new Found(pageOf(all), all.size());
  }

  private static int count(DeviceRange range, Predicate<Entry.Device> isAsked) {
    int count = 0;
    for (Entry.Device device : range.devices()) {
      if (isAsked.test(device)) {
        count++;
      }
    }
    return count;
  }

  /** Of what stands in order, from whichever end is nearer. */
  private Found page(DeviceRange inOrder, int total, Predicate<Entry.Device> isAsked) {
    long from = page.offset();
    if (from >= total) {
      return new Found(List.of(), total);
    }
    boolean back = from > total / 2;
    int skip = (int) (back ? Math.max(0, total - from - page.size()) : from);
    int left = (int) Math.min(page.size(), total - from);
    boolean isAll = total == inOrder.size();
    var walk = inOrder.walk(isAll ? skip : 0, descending != back);
    int toPass = isAll ? 0 : skip;
    var found = new ArrayList<Entry.Device>(left);
    while (found.size() < left && walk.hasNext()) {
      var device = walk.next();
      if (isAsked.test(device) && --toPass < 0) {
        found.add(device);
      }
    }
    return new Found(back ? found.reversed() : found, total);
  }

  /**
   * Where to look.
   *
   * @param isExact whether all that is there is asked for
   * @param isInOrder whether it stands as it is to be shown
   */
  private record Narrow(DeviceRange range, boolean isExact, boolean isInOrder) {}

  private Narrow narrowest(DeviceIndex fleet, Wanted wanted, DeviceRange inOrder) {
    boolean byName = sort == Sort.DEVICE_NAME;
    var ranges = new ArrayList<Narrow>();
    if (!id.isEmpty()) {
      ranges.add(new Narrow(fleet.idsFrom(id), true, !byName));
    }
    if (!name.isEmpty()) {
      ranges.add(new Narrow(fleet.namesFrom(name), true, byName));
    }
    if (!serial.isEmpty()) {
      ranges.add(new Narrow(fleet.serialsFrom(serial), true, false));
    }
    if (!groups.isEmpty()) {
      ranges.add(
          switch (wanted.groups().size()) {
            case 0 -> new Narrow(DeviceRange.NONE, true, true);
            case 1 -> new Narrow(fleet.group(wanted.groups().iterator().next()), true, !byName);
            default -> new Narrow(inOrder, false, true);
          });
    }
    if (wanted.customer() != null) {
      ranges.add(new Narrow(wanted.customer().devices(), true, !byName));
    }
    return ranges.stream()
        .min(Comparator.comparingInt(narrow -> narrow.range().size()))
        .map(best -> ranges.size() == 1 ? best : new Narrow(best.range(), false, false))
        .orElseGet(() -> new Narrow(inOrder, true, true));
  }

  /**
   * What has to be looked up of what is asked for.
   *
   * @param groups their ids
   * @param customer who has it, and his devices; null for all
   */
  private record Wanted(Set<String> groups, @Nullable OfCustomer customer) {}

  private record OfCustomer(@Nullable AccountId id, DeviceRange devices) {}

  private Wanted wanted(Directory directory, int product) {
    var wanted = new HashSet<String>();
    groups.forEach(
        group -> directory.group(product, group).ifPresent(found -> wanted.add(found.id())));
    return new Wanted(wanted, customer.isEmpty() ? null : ofCustomer(directory, product));
  }

  private OfCustomer ofCustomer(Directory directory, int product) {
    return directory
        .customers()
        .find(product, customer)
        .map(found -> new OfCustomer(found.id(), directory.fleetOf(found.id()).inOrder()))
        .orElseGet(() -> new OfCustomer(null, DeviceRange.NONE));
  }

  /**
   * All that are asked for, in no order.
   *
   * @param max empty is answered where there are more
   */
  Optional<List<Entry.Device>> matching(Directory directory, int product, int max) {
    var fleet = directory.fleetIn(product);
    var wanted = wanted(directory, product);
    var some = narrowest(fleet, wanted, fleet.inOrder()).range().devices().stream();
    var found = some.filter(device -> matches(device, wanted)).limit(max + 1L).toList();
    return found.size() > max ? Optional.empty() : Optional.of(found);
  }

  private boolean matches(Entry.Device device, Wanted wanted) {
    return (id.isEmpty() || device.id().toString().startsWith(id))
        && starts(device.name(), name)
        && starts(device.settings().serialNumber(), serial)
        && (groups.isEmpty() || isIn(device.settings().groups(), wanted.groups()))
        && (wanted.customer() == null || Objects.equals(device.customer(), wanted.customer().id()));
  }

  private static boolean isIn(List<String> groups, Set<String> wanted) {
    for (String group : groups) {
      if (wanted.contains(group)) {
        return true;
      }
    }
    return false;
  }

  private static boolean starts(@Nullable String text, String prefix) {
    return prefix.isEmpty()
        || (text != null && text.regionMatches(true, 0, prefix, 0, prefix.length()));
  }

  /** As the indexes have it. */
  private Comparator<Entry.Device> order() {
    Comparator<Entry.Device> byId = Comparator.comparing(Entry.Device::id);
    Comparator<Entry.Device> order =
        sort == Sort.DEVICE_NAME
            ? Comparator.<Entry.Device, @Nullable String>comparing(
                    Entry.Device::name, Comparator.nullsFirst(String.CASE_INSENSITIVE_ORDER))
                .thenComparing(byId)
            : byId;
    return descending ? order.reversed() : order;
  }

  /** This page of a list. */
  List<Entry.Device> pageOf(List<Entry.Device> all) {
    return List.copyOf(page.of(all));
  }
}
