package io.starling.directory;

import io.starling.contract.AccountId;
import io.starling.contract.Scope;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Organizations, and who is in which. Look-ups may be made from any thread. */
public final class Organizations {
  private final Map<AccountId, Entry.Organization> all = new ConcurrentHashMap<>();
  private final Map<String, Entry.Organization> bySlug = new ConcurrentHashMap<>();
  private final Map<String, Entry.Colleague> colleagues = new ConcurrentHashMap<>();
  private final Map<AccountId, Map<AccountId, Entry.Colleague>> byOrganization =
      new ConcurrentHashMap<>();
  private final Map<AccountId, Map<AccountId, Entry.Colleague>> byPerson =
      new ConcurrentHashMap<>();

  Organizations() {}

  /** Finds one by its id. */
  public Optional<Entry.Organization> find(AccountId id) {
    return Optional.ofNullable(all.get(id));
  }

  /** Finds one by its id or slug. */
  public Optional<Entry.Organization> find(String idOrSlug) {
    var found = bySlug.get(idOrSlug);
    return found == null && AccountId.isValid(idOrSlug)
        ? find(AccountId.of(idOrSlug))
        : Optional.ofNullable(found);
  }

  /** Who is in an organization, oldest first. */
  public List<Entry.Colleague> in(AccountId organization) {
    return oldestFirst(byOrganization, organization);
  }

  /** In which organizations somebody is, oldest first. */
  public List<Entry.Colleague> of(AccountId person) {
    return oldestFirst(byPerson, person);
  }

  private static List<Entry.Colleague> oldestFirst(
      Map<AccountId, Map<AccountId, Entry.Colleague>> some, AccountId id) {
    return some.getOrDefault(id, Map.of()).values().stream()
        .sorted(Comparator.comparing(Entry.Colleague::createdAt))
        .toList();
  }

  /** Somebody in an organization. */
  public Optional<Entry.Colleague> find(AccountId organization, AccountId person) {
    return Optional.ofNullable(byOrganization.getOrDefault(organization, Map.of()).get(person));
  }

  /** What somebody may do in an organization and its products; nothing if he is not in it. */
  public Set<Scope> rights(AccountId person, AccountId organization) {
    return find(organization, person).map(Entry.Colleague::scopes).orElse(Set.of());
  }

  void replace(AccountId id, Entry.@Nullable Organization entry) {
    var before = entry == null ? all.remove(id) : all.put(id, entry);
    if (before != null) {
      bySlug.remove(before.slug());
    }
    if (entry != null) {
      bySlug.put(entry.slug(), entry);
    }
  }

  void replace(String key, Entry.@Nullable Colleague entry) {
    var before = entry == null ? colleagues.remove(key) : colleagues.put(key, entry);
    if (entry != null) {
      put(byOrganization, entry.organization(), entry.account(), entry);
      put(byPerson, entry.account(), entry.organization(), entry);
    } else if (before != null) {
      byOrganization.getOrDefault(before.organization(), Map.of()).remove(before.account());
      byPerson.getOrDefault(before.account(), Map.of()).remove(before.organization());
    }
  }

  private static void put(
      Map<AccountId, Map<AccountId, Entry.Colleague>> some,
      AccountId one,
      AccountId other,
      Entry.Colleague entry) {
    some.computeIfAbsent(one, _ -> new ConcurrentHashMap<>()).put(other, entry);
  }
}
