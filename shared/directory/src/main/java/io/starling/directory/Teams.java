package io.starling.directory;

import io.starling.contract.AccountId;
import io.starling.contract.Role;
import io.starling.contract.Scope;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who works on which product, and what he may do there. Look-ups may be made from any thread. */
public final class Teams {
  private final Map<String, Entry.Member> members = new ConcurrentHashMap<>();
  private final Map<Integer, Map<AccountId, Entry.Member>> byProduct = new ConcurrentHashMap<>();
  private final Map<AccountId, Map<Integer, Entry.Member>> byAccount = new ConcurrentHashMap<>();

  private final Organizations organizations;

  Teams(Organizations organizations) {
    this.organizations = organizations;
  }

  /** The members of a product's team, without its owner, oldest first. */
  public List<Entry.Member> of(int product) {
    return byProduct.getOrDefault(product, Map.of()).values().stream()
        .sorted(Comparator.comparing(Entry.Member::createdAt))
        .toList();
  }

  /** In which teams somebody is. */
  public List<Entry.Member> membershipsOf(AccountId account) {
    return byAccount.getOrDefault(account, Map.of()).values().stream()
        .sorted(Comparator.comparing(Entry.Member::createdAt))
        .toList();
  }

  /** Somebody in a product's team. */
  public Optional<Entry.Member> member(int product, AccountId account) {
    return Optional.ofNullable(byProduct.getOrDefault(product, Map.of()).get(account));
  }

  /**
   * What somebody may do in a product: as its owner, by his role in the organization that owns it,
   * or in the product's own team. Nothing if it is none of his business.
   */
  public Set<Scope> rights(AccountId who, Entry.Product product) {
    if (product.owner().equals(who)) {
      return Role.OWNER.scopes();
    }
    var inTeam = member(product.id(), who).map(Entry.Member::scopes).orElse(Set.of());
    var inOrganization = organizations.rights(who, product.owner());
    if (inTeam.isEmpty() || inOrganization.isEmpty()) {
      return inTeam.isEmpty() ? inOrganization : inTeam;
    }
    var both = EnumSet.copyOf(inTeam);
    both.addAll(inOrganization);
    return both;
  }

  void replace(String key, Entry.@Nullable Member entry) {
    var before = entry == null ? members.remove(key) : members.put(key, entry);
    if (entry != null) {
      byProduct
          .computeIfAbsent(entry.product(), _ -> new ConcurrentHashMap<>())
          .put(entry.account(), entry);
      byAccount
          .computeIfAbsent(entry.account(), _ -> new ConcurrentHashMap<>())
          .put(entry.product(), entry);
    } else if (before != null) {
      byProduct.getOrDefault(before.product(), Map.of()).remove(before.account());
      byAccount.getOrDefault(before.account(), Map.of()).remove(before.product());
    }
  }
}
