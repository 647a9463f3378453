package io.starling.directory;

import io.starling.contract.AccountId;
import io.starling.contract.Change;
import io.starling.contract.DeviceId;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * The configuration as this node knows it. Look-ups are lock-free and may be made from any thread;
 * changes are applied by one caller at a time, in order. A row is replaced only by a newer version
 * of it, so applying anything twice, or a snapshot over newer changes, is harmless.
 */
public final class Directory {
  private final InstantSource clock;

  /**
   * The newest change of every row ever seen, deleted ones too: what is older than that changes
   * nothing.
   */
  private final Map<String, Version> versions = new ConcurrentHashMap<>();

  private final Map<AccountId, Entry.Account> accounts = new ConcurrentHashMap<>();
  private final Map<String, Entry.Account> accountsByEmail = new ConcurrentHashMap<>();
  private final CustomerIndex customers = new CustomerIndex();
  private final Map<String, Entry.Token> tokens = new ConcurrentHashMap<>();
  private final Map<String, Entry.Client> clients = new ConcurrentHashMap<>();

  /** With the newest change of each, deleted ones too, in place of {@link #versions}. */
  private final Map<DeviceId, Held> devices = new ConcurrentHashMap<>();

  private final Map<AccountId, DeviceIndex> devicesByOwner = new ConcurrentHashMap<>();
  private final Map<Integer, DeviceIndex> devicesByProduct = new ConcurrentHashMap<>();
  private final Map<String, Entry.DeviceGroup> groups = new ConcurrentHashMap<>();
  private final Map<Integer, Map<String, Entry.DeviceGroup>> groupsByProduct =
      new ConcurrentHashMap<>();
  private final Map<Integer, Entry.Product> products = new ConcurrentHashMap<>();
  private final Map<String, Entry.Product> productsBySlug = new ConcurrentHashMap<>();
  private final Map<String, Entry.ProductAuthority> authorities = new ConcurrentHashMap<>();
  private final Map<Integer, Map<String, Entry.ProductAuthority>> authoritiesByProduct =
      new ConcurrentHashMap<>();
  private final Map<X500Principal, Map<String, Entry.ProductAuthority>> authoritiesByName =
      new ConcurrentHashMap<>();
  private final Map<AccountId, Map<IntegrationId, Entry.Integration>> integrations =
      new ConcurrentHashMap<>();
  private final Map<IntegrationId, AccountId> accountsOfIntegrations = new ConcurrentHashMap<>();
  private final SigningKeys signingKeys = new SigningKeys();
  private final LedgerIndex ledgers = new LedgerIndex();
  private final EnvIndex environments = new EnvIndex();

  private final Organizations organizations = new Organizations();
  private final Teams teams = new Teams(organizations);

  private final List<Consumer<List<Change>>> watchers = new CopyOnWriteArrayList<>();
  private final ConcurrentSkipListMap<JournalPosition, Promise<Void>> awaited =
      new ConcurrentSkipListMap<>();
  private volatile JournalPosition position = JournalPosition.START;
  private volatile @Nullable Instant inStepAt;

  private record Version(long term, long sequence) {}

  /** A device, or none any more, and which change said so. */
  private record Held(Entry.@Nullable Device device, long term, long sequence) {
    boolean isNewerThan(Change change) {
      return term != change.term() ? term > change.term() : sequence >= change.sequence();
    }
  }

  /** An empty directory. */
  public Directory(InstantSource clock) {
    this.clock = clock;
  }

  /** Finds an account. */
  public Optional<Entry.Account> account(AccountId id) {
    return Optional.ofNullable(accounts.get(id));
  }

  /** The customers of all products. */
  public CustomerIndex customers() {
    return customers;
  }

  /** Finds an account that is no customer by its e-mail address, whatever its case. */
  public Optional<Entry.Account> accountByEmail(String email) {
    return Optional.ofNullable(accountsByEmail.get(email.toLowerCase(Locale.ROOT)));
  }

  /**
   * Finds a token that is valid now, for all that is its account's, by the SHA-256 of it in
   * hexadecimal digits.
   */
  public Optional<Entry.Token> token(String hash) {
    return tokenEvenLimited(hash).filter(token -> token.product() == 0 && token.scopes() == null);
  }

  /** Finds a token that is valid now, also one that is not for all that is its account's. */
  public Optional<Entry.Token> tokenEvenLimited(String hash) {
    return Optional.ofNullable(tokens.get(hash)).filter(token -> token.isValidAt(clock.instant()));
  }

  /** Finds an OAuth client. */
  public Optional<Entry.Client> client(String id) {
    return Optional.ofNullable(clients.get(id));
  }

  /**
   * The OAuth clients of an account, oldest first.
   *
   * @param product those of this product; 0 for those of none
   */
  public List<Entry.Client> clientsOf(AccountId owner, int product) {
    return clients.values().stream()
        .filter(client -> client.owner().equals(owner) && client.product() == product)
        .sorted(Comparator.comparing(Entry.Client::createdAt))
        .toList();
  }

  /** Finds a token, also one that has expired. */
  public Optional<Entry.Token> tokenEvenExpired(String hash) {
    return Optional.ofNullable(tokens.get(hash));
  }

  /** Finds a device, whoever owns it. */
  public Optional<Entry.Device> device(DeviceId id) {
    var held = devices.get(id);
    return held == null ? Optional.empty() : Optional.ofNullable(held.device());
  }

  /** The devices of an owner, or of a customer, without those in quarantine. */
  public Collection<Entry.Device> devicesOf(AccountId owner) {
    return fleetOf(owner).all();
  }

  /** The devices in a product, also those in quarantine. */
  public Collection<Entry.Device> devicesIn(int product) {
    return fleetIn(product).all();
  }

  /** The same, to search in. */
  public DeviceIndex fleetOf(AccountId owner) {
    return devicesByOwner.getOrDefault(owner, DeviceIndex.empty());
  }

  /** The devices in a product, to search in. */
  public DeviceIndex fleetIn(int product) {
    return devicesByProduct.getOrDefault(product, DeviceIndex.empty());
  }

  /** The groups of a product, by name. */
  public List<Entry.DeviceGroup> groupsOf(int product) {
    return groupsByProduct.getOrDefault(product, Map.of()).values().stream()
        .sorted(Comparator.comparing(Entry.DeviceGroup::name))
        .toList();
  }

  /** Finds a group of a product by its name. */
  public Optional<Entry.DeviceGroup> group(int product, String name) {
    return groupsByProduct.getOrDefault(product, Map.of()).values().stream()
        .filter(group -> group.name().equals(name))
        .findFirst();
  }

  /** The names of the groups that a device is in. */
  public List<String> groupsOf(Entry.Device device) {
    return device.settings().groups().stream()
        .flatMap(id -> Stream.ofNullable(groups.get(id)))
        .filter(group -> group.product() == device.product())
        .map(Entry.DeviceGroup::name)
        .sorted()
        .toList();
  }

  /** Finds one of an owner's, or a customer's, devices by its id or its name. */
  public Optional<Entry.Device> deviceOf(AccountId owner, String idOrName) {
    return byId(idOrName)
        .filter(device -> owner.equals(lister(device)) || owner.equals(device.customer()))
        .or(() -> fleetOf(owner).named(idOrName));
  }

  /** Finds one of a product's devices by its id or its name. */
  public Optional<Entry.Device> deviceIn(int product, String idOrName) {
    return byId(idOrName)
        .filter(device -> device.product() == product)
        .or(() -> fleetIn(product).named(idOrName));
  }

  private Optional<Entry.Device> byId(String text) {
    return DeviceId.isValid(text) ? device(DeviceId.of(text)) : Optional.empty();
  }

  /** Finds a product by its number or its slug. */
  public Optional<Entry.Product> product(String idOrSlug) {
    var bySlug = productsBySlug.get(idOrSlug);
    if (bySlug != null || !idOrSlug.matches("\\d{1,9}")) {
      return Optional.ofNullable(bySlug);
    }
    return product(Integer.parseInt(idOrSlug));
  }

  /** Finds a product. */
  public Optional<Entry.Product> product(int id) {
    return Optional.ofNullable(products.get(id));
  }

  /** The products that an account owns, oldest first. */
  public List<Entry.Product> productsOf(AccountId owner) {
    return products.values().stream()
        .filter(product -> product.owner().equals(owner))
        .sorted(Comparator.comparing(Entry.Product::createdAt))
        .toList();
  }

  /** Organizations, and who is in which. */
  public Organizations organizations() {
    return organizations;
  }

  /** Who works on which product. */
  public Teams teams() {
    return teams;
  }

  /** The authorities of a product, oldest first. */
  public List<Entry.ProductAuthority> authoritiesOf(int product) {
    return oldestFirst(authoritiesByProduct.getOrDefault(product, Map.of()));
  }

  /** The authorities of this name, of whatever product, oldest first. */
  public List<Entry.ProductAuthority> authoritiesNamed(X500Principal name) {
    return oldestFirst(authoritiesByName.getOrDefault(name, Map.of()));
  }

  private static List<Entry.ProductAuthority> oldestFirst(
      Map<String, Entry.ProductAuthority> some) {
    return some.values().stream()
        .sorted(Comparator.comparing(Entry.ProductAuthority::createdAt))
        .toList();
  }

  /** Finds an authority of a product. */
  public Optional<Entry.ProductAuthority> authority(int product, String fingerprint) {
    return Optional.ofNullable(authorities.get(Entry.ProductAuthority.key(product, fingerprint)));
  }

  /** Tells whether any product has an authority. */
  public boolean hasAuthorities() {
    return !authorities.isEmpty();
  }

  /** The integrations of an account. */
  public Collection<Entry.Integration> integrationsOf(AccountId account) {
    return integrations.getOrDefault(account, Map.of()).values();
  }

  /** Finds an integration of an account. */
  public Optional<Entry.Integration> integration(AccountId account, IntegrationId id) {
    return Optional.ofNullable(integrations.getOrDefault(account, Map.of()).get(id));
  }

  /** The signing keys of all integrations. */
  public SigningKeys signingKeys() {
    return signingKeys;
  }

  /** Finds an integration, whose ever it is; looks through all accounts. */
  public Optional<Entry.Integration> integration(IntegrationId id) {
    return integrations.values().stream()
        .flatMap(ofAccount -> Stream.ofNullable(ofAccount.get(id)))
        .findFirst();
  }

  /** The ledgers of all accounts. */
  public LedgerIndex ledgers() {
    return ledgers;
  }

  /** The environment variables of all accounts. */
  public EnvIndex environments() {
    return environments;
  }

  /** Rows by kind, for health and metrics. */
  public Map<String, Number> sizes() {
    return Map.of(
        "accounts",
        accounts.size(),
        "tokens",
        tokens.size(),
        "devices",
        devicesByProduct.values().stream().mapToInt(DeviceIndex::size).sum(),
        "products",
        products.size());
  }

  /** The position behind the last change applied. */
  public JournalPosition position() {
    return position;
  }

  /** How long ago this copy was last known to be in step; empty if it never was since the start. */
  public Optional<Duration> age() {
    var at = inStepAt;
    return at == null ? Optional.empty() : Optional.of(Duration.between(at, clock.instant()));
  }

  /** Completes when everything before a position is applied; fails after {@code limit}. */
  public Future<Void> reached(JournalPosition target, Duration limit) {
    if (position.compareTo(target) >= 0) {
      return Future.succeededFuture();
    }
    var promise = awaited.computeIfAbsent(target, absent -> Promise.promise());
    completeReached();
    return promise.future().timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Has somebody told of every row that changes, once it has: on the thread that applies changes,
   * so not for long. A row whose older version comes again is not told.
   *
   * @return ends it
   */
  public Runnable watch(Consumer<List<Change>> watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  /** Says that nothing newer exists at this moment. */
  void inStep() {
    inStepAt = clock.instant();
  }

  /** Applies changes that end at a position. */
  void apply(List<Change> changes, JournalPosition next) {
    var applied = changes.stream().filter(this::apply).toList();
    position = next;
    completeReached();
    if (!applied.isEmpty()) {
      watchers.forEach(watcher -> watcher.accept(applied));
    }
  }

  private void completeReached() {
    for (var first = awaited.firstEntry();
        first != null && first.getKey().compareTo(position) <= 0;
        first = awaited.firstEntry()) {
      awaited.remove(first.getKey());
      first.getValue().tryComplete();
    }
  }

  private boolean apply(Change change) {
    return change.kind().equals("device") ? applyDevice(change) : applyRow(change);
  }

  private boolean applyDevice(Change change) {
    var id = DeviceId.of(change.key());
    var known = devices.get(id);
    if (known != null && known.isNewerThan(change)) {
      return false;
    }
    var row = change.row();
    var entry = row == null ? null : (Entry.Device) Entry.of(change.kind(), row);
    devices.put(entry == null ? id : entry.id(), new Held(entry, change.term(), change.sequence()));
    list(known == null ? null : known.device(), entry);
    return true;
  }

  private boolean applyRow(Change change) {
    var key = change.kind() + "/" + change.key();
    var known = versions.get(key);
    if (known != null
        && (known.term() > change.term()
            || (known.term() == change.term() && known.sequence() >= change.sequence()))) {
      return false;
    }
    versions.put(key, new Version(change.term(), change.sequence()));
    var row = change.row();
    var entry = row == null ? null : Entry.of(change.kind(), row);
    switch (change.kind()) {
      case "account" -> replace(AccountId.of(change.key()), (Entry.Account) entry);
      case "member" -> teams.replace(change.key(), (Entry.Member) entry);
      case "organization" ->
          organizations.replace(AccountId.of(change.key()), (Entry.Organization) entry);
      case "organization_member" -> organizations.replace(change.key(), (Entry.Colleague) entry);
      case "token" -> put(tokens, change.key(), (Entry.Token) entry);
      case "client" -> put(clients, change.key(), (Entry.Client) entry);
      case "product" -> replace(Integer.valueOf(change.key()), (Entry.Product) entry);
      case "device_group" -> replaceGroup(change.key(), (Entry.DeviceGroup) entry);
      case "product_authority" -> replace(change.key(), (Entry.ProductAuthority) entry);
      case "integration" -> replace(IntegrationId.of(change.key()), (Entry.Integration) entry);
      case "signing_key" -> signingKeys.replace(change.key(), (SigningKey) entry);
      case "env" -> environments.replace(change.key(), (Entry.Env) entry);
      case "ledger" -> ledgers.replace(change.key(), (Entry.Ledger) entry);
      case "ledger_instance" -> ledgers.replace(change.key(), (Entry.LedgerInstance) entry);
      default -> {
        // A kind of a newer version, which this one has no use for.
      }
    }
    return true;
  }

  private void replace(AccountId id, Entry.@Nullable Account entry) {
    var before = accounts.get(id);
    if (before != null && !before.isCustomer()) {
      accountsByEmail.remove(before.email().toLowerCase(Locale.ROOT), before);
    }
    put(accounts, id, entry);
    customers.replace(before, entry);
    if (entry != null && !entry.isCustomer()) {
      accountsByEmail.put(entry.email().toLowerCase(Locale.ROOT), entry);
    }
  }

  private void list(Entry.@Nullable Device before, Entry.@Nullable Device entry) {
    // First into the new place, then out of the old one: a reader sees it twice rather than not at
    // all.
    var owner = entry == null ? null : lister(entry);
    var customer = entry == null ? null : entry.customer();
    if (entry != null) {
      listFor(owner, entry);
      listFor(customer, entry);
      devicesByProduct.computeIfAbsent(entry.product(), absent -> new DeviceIndex()).put(entry);
    }
    if (before != null) {
      var former = lister(before);
      if (former != null && !former.equals(owner)) {
        takeOut(devicesByOwner.get(former), before.id());
      }
      var formerCustomer = before.customer();
      if (formerCustomer != null && !formerCustomer.equals(customer)) {
        takeOut(devicesByOwner.get(formerCustomer), before.id());
      }
      if (entry == null || before.product() != entry.product()) {
        takeOut(devicesByProduct.get(before.product()), before.id());
      }
    }
  }

  /** An account is the owner of devices or a customer, never both. */
  private void listFor(@Nullable AccountId account, Entry.Device entry) {
    if (account != null) {
      devicesByOwner.computeIfAbsent(account, absent -> new DeviceIndex()).put(entry);
    }
  }

  private static void takeOut(@Nullable DeviceIndex some, DeviceId id) {
    if (some != null) {
      some.remove(id);
    }
  }

  private void replaceGroup(String id, Entry.@Nullable DeviceGroup entry) {
    var before = groups.get(id);
    put(groups, id, entry);
    if (entry != null) {
      groupsByProduct
          .computeIfAbsent(entry.product(), absent -> new ConcurrentHashMap<>())
          .put(id, entry);
    } else if (before != null) {
      groupsByProduct.getOrDefault(before.product(), Map.of()).remove(id);
    }
  }

  /** In whose list it is: in nobody's while it is in quarantine. */
  private static @Nullable AccountId lister(Entry.Device device) {
    return device.quarantined() ? null : device.owner();
  }

  private void replace(String key, Entry.@Nullable ProductAuthority entry) {
    var before = authorities.get(key);
    put(authorities, key, entry);
    if (before != null) {
      authoritiesByProduct.getOrDefault(before.product(), Map.of()).remove(key);
      authoritiesByName.getOrDefault(name(before), Map.of()).remove(key);
    }
    if (entry != null) {
      authoritiesByProduct
          .computeIfAbsent(entry.product(), absent -> new ConcurrentHashMap<>())
          .put(key, entry);
      authoritiesByName
          .computeIfAbsent(name(entry), absent -> new ConcurrentHashMap<>())
          .put(key, entry);
    }
  }

  private static X500Principal name(Entry.ProductAuthority entry) {
    return entry.authority().certificate().getSubjectX500Principal();
  }

  private void replace(Integer id, Entry.@Nullable Product entry) {
    var before = products.get(id);
    if (before != null) {
      productsBySlug.remove(before.slug(), before);
    }
    put(products, id, entry);
    if (entry != null) {
      productsBySlug.put(entry.slug(), entry);
    }
  }

  private void replace(IntegrationId id, Entry.@Nullable Integration entry) {
    var former =
        entry == null
            ? accountsOfIntegrations.remove(id)
            : accountsOfIntegrations.put(id, entry.account());
    if (entry != null) {
      integrations
          .computeIfAbsent(entry.account(), absent -> new ConcurrentHashMap<>())
          .put(id, entry);
    }
    if (former != null && (entry == null || !former.equals(entry.account()))) {
      integrations.getOrDefault(former, Map.of()).remove(id);
    }
  }

  private static <K, V> void put(Map<K, V> map, K key, @Nullable V value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }
}
