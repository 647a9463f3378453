package io.starling.directory;

import io.starling.contract.AccountId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Ledgers by account and name, and the states of those that devices are told. Thread-safe. */
public final class LedgerIndex {
  private final Map<String, Entry.Ledger> ledgers = new ConcurrentHashMap<>();
  private final Map<AccountId, Map<String, Entry.Ledger>> byAccount = new ConcurrentHashMap<>();
  private final Map<String, Entry.LedgerInstance> instances = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Entry.LedgerInstance>> byLedger = new ConcurrentHashMap<>();

  LedgerIndex() {}

  /** Finds a ledger of an account. */
  public Optional<Entry.Ledger> find(AccountId account, String name) {
    return Optional.ofNullable(byAccount.getOrDefault(account, Map.of()).get(name));
  }

  /** The ledgers of an account, by name. */
  public List<Entry.Ledger> of(AccountId account) {
    return byAccount.getOrDefault(account, Map.of()).values().stream()
        .sorted(Comparator.comparing(Entry.Ledger::name))
        .toList();
  }

  /** Finds an instance, also one that was deleted. */
  public Optional<Entry.LedgerInstance> instance(Entry.Ledger ledger, String scopeValue) {
    return Optional.ofNullable(instances.get(Entry.LedgerInstance.key(ledger.id(), scopeValue)));
  }

  /** The instances of a ledger, those that were deleted too. */
  public Collection<Entry.LedgerInstance> instances(Entry.Ledger ledger) {
    return byLedger.getOrDefault(ledger.id(), Map.of()).values();
  }

  void replace(String id, Entry.@Nullable Ledger entry) {
    var before = entry == null ? ledgers.remove(id) : ledgers.put(id, entry);
    if (entry != null) {
      byAccount
          .computeIfAbsent(entry.account(), _ -> new ConcurrentHashMap<>())
          .put(entry.name(), entry);
    } else if (before != null) {
      byAccount.getOrDefault(before.account(), Map.of()).remove(before.name());
    }
  }

  void replace(String key, Entry.@Nullable LedgerInstance entry) {
    var before = entry == null ? instances.remove(key) : instances.put(key, entry);
    if (entry != null) {
      byLedger
          .computeIfAbsent(entry.ledger(), _ -> new ConcurrentHashMap<>())
          .put(entry.scopeValue(), entry);
    } else if (before != null) {
      byLedger.getOrDefault(before.ledger(), Map.of()).remove(before.scopeValue());
    }
  }
}
