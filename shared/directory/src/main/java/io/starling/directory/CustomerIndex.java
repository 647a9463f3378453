package io.starling.directory;

import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The customers of products, by their addresses. Look-ups may be made from any thread. */
public final class CustomerIndex {
  private final Map<Integer, Map<String, Entry.Account>> byProduct = new ConcurrentHashMap<>();

  CustomerIndex() {}

  /** The customers of a product, in the order of their addresses. */
  public Collection<Entry.Account> of(int product) {
    return Collections.unmodifiableCollection(byProduct.getOrDefault(product, Map.of()).values());
  }

  /** Finds a customer of a product by his address, whatever its case. */
  public Optional<Entry.Account> find(int product, String email) {
    return Optional.ofNullable(byProduct.getOrDefault(product, Map.of()).get(key(email)));
  }

  /** An address of a customer never changes. */
  void replace(Entry.@Nullable Account before, Entry.@Nullable Account now) {
    if (now != null && now.isCustomer()) {
      byProduct
          .computeIfAbsent(now.customerOf(), _ -> new ConcurrentSkipListMap<>())
          .put(key(now.email()), now);
    } else if (before != null && before.isCustomer()) {
      byProduct.getOrDefault(before.customerOf(), Map.of()).remove(key(before.email()), before);
    }
  }

  private static String key(String email) {
    return email.toLowerCase(Locale.ROOT);
  }
}
