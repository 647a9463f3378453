package io.starling.directory;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.EnvScope;
import io.starling.contract.EventClass;
import io.starling.contract.IntegrationId;
import io.starling.contract.LedgerScope;
import io.starling.contract.Role;
import io.starling.contract.Scope;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the directory knows: a row of configuration as a typed value. Immutable. */
public sealed interface Entry
    permits Entry.Account,
        Entry.Member,
        Entry.Organization,
        Entry.Colleague,
        Entry.Token,
        Entry.Device,
        Entry.DeviceGroup,
        Entry.Product,
        Entry.Integration,
        Entry.ProductAuthority,
        Entry.Client,
        Entry.Ledger,
        Entry.LedgerInstance,
        Entry.Env,
        SigningKey {

  /**
   * An account: a person's, or one that acts for a product.
   *
   * @param email unique; of what is no person's, a name in that form
   * @param info what the person tells of himself; never changed
   * @param mfa whether one-time passwords are needed to log in
   * @param program whether it is an API user, whom only its product's team makes and deletes
   * @param customerOf the product that it is a customer of, and nobody elsewhere; 0 for all others.
   *     Its address is unique in that product only
   */
  record Account(
      AccountId id,
      String email,
      Instant createdAt,
      JsonObject info,
      boolean mfa,
      boolean program,
      int customerOf)
      implements Entry {
    static Account of(JsonObject row) {
      return new Account(
          AccountId.of(row.getString("id")),
          row.getString("email"),
          Instant.parse(row.getString("created_at")),
          row.getJsonObject("info", new JsonObject()),
          row.getBoolean("mfa", false),
          "program".equals(row.getString("kind")),
          "customer".equals(row.getString("kind")) ? number(row, "product") : 0);
    }

    /** Tells whether it is a customer of some product. */
    public boolean isCustomer() {
      return customerOf != 0;
    }
  }

  /**
   * Somebody in the team of a product.
   *
   * @param role what a person may do; null for an API user
   * @param scopes what an API user may do; those of the role for a person
   */
  record Member(
      int product, AccountId account, @Nullable Role role, Set<Scope> scopes, Instant createdAt)
      implements Entry {
    static Member of(JsonObject row) {
      var role = Optional.ofNullable(row.getString("role")).flatMap(Role::named);
      return new Member(
          row.getInteger("product"),
          AccountId.of(row.getString("account")),
          role.orElse(null),
          role.map(Role::scopes).orElseGet(() -> Entry.scopes(row)),
          Instant.parse(row.getString("created_at")));
    }
  }

  /** An organization, whose id is that of the account which owns its products. */
  record Organization(AccountId id, String slug, String name, Instant createdAt) implements Entry {
    static Organization of(JsonObject row) {
      return new Organization(
          AccountId.of(row.getString("id")),
          row.getString("slug"),
          row.getString("name"),
          Instant.parse(row.getString("created_at")));
    }
  }

  /**
   * Somebody in an organization, and what he may do in it and its products.
   *
   * @param role of a person; null for an API user
   * @param scopes what an API user may do; those of the role for a person
   */
  record Colleague(
      AccountId organization,
      AccountId account,
      @Nullable Role role,
      Set<Scope> scopes,
      Instant createdAt)
      implements Entry {
    static Colleague of(JsonObject row) {
      var role = Optional.ofNullable(row.getString("role")).flatMap(Role::named);
      return new Colleague(
          AccountId.of(row.getString("organization")),
          AccountId.of(row.getString("account")),
          role.orElse(null),
          role.map(Role::scopes).orElseGet(() -> Entry.scopes(row)),
          Instant.parse(row.getString("created_at")));
    }
  }

  /** Those that this version knows; none if there is no list. */
  private static Set<Scope> scopes(JsonObject row) {
    var scopes = EnumSet.noneOf(Scope.class);
    if (row.getValue("scopes") instanceof JsonArray names) {
      names.forEach(name -> Scope.named(String.valueOf(name)).ifPresent(scopes::add));
    }
    return Collections.unmodifiableSet(scopes);
  }

  /**
   * An access token, known by its hash only.
   *
   * @param hash SHA-256 of the token, 64 hexadecimal digits
   * @param client the OAuth client it was made for
   * @param expiresAt null if it never expires
   * @param product the only one that it is for; 0 for all that is the account's
   * @param scopes all that it is for; null for all that its account may do
   */
  record Token(
      String hash,
      AccountId account,
      String client,
      Instant createdAt,
      @Nullable Instant expiresAt,
      int product,
      @Nullable Set<Scope> scopes)
      implements Entry {
    static Token of(JsonObject row) {
      return new Token(
          row.getString("hash"),
          AccountId.of(row.getString("account")),
          row.getString("client"),
          Instant.parse(row.getString("created_at")),
          instant(row, "expires_at"),
          number(row, "product"),
          row.getValue("scopes") == null ? null : Entry.scopes(row));
    }

    /** Tells whether it is still good at a time. */
    public boolean isValidAt(Instant now) {
      return expiresAt == null || now.isBefore(expiresAt);
    }
  }

  /**
   * A device.
   *
   * @param owner the account whose topic space it lives in; null if nobody has claimed it
   * @param product 0 if it is in none
   * @param secretHash SHA-256 of its secret, 64 hexadecimal digits
   * @param quarantined whether it has registered by itself and nobody has approved it
   * @param denied whether it was refused in quarantine, for good
   * @param settings what is set about it in its product, and of its firmware
   * @param custody which customer of its product has it; null if none
   */
  record Device(
      DeviceId id,
      @Nullable AccountId owner,
      int product,
      @Nullable String name,
      @Nullable String notes,
      int platform,
      String secretHash,
      boolean quarantined,
      boolean denied,
      Settings settings,
      @Nullable Custody custody,
      Instant createdAt)
      implements Entry {
    private static final Shared<AccountId> OWNERS = new Shared<>();
    private static final Shared<Instant> TIMES = new Shared<>();

    static Device of(JsonObject row) {
      String owner = row.getString("owner");
      return new Device(
          DeviceId.of(row.getString("id")),
          owner == null ? null : OWNERS.of(AccountId.of(owner)),
          // There, but null, once it was taken out of its product.
          row.getValue("product") instanceof Number product ? product.intValue() : 0,
          row.getString("name"),
          row.getString("notes"),
          row.getInteger("platform", 0),
          row.getString("secret_hash"),
          row.getBoolean("quarantined", false),
          row.getBoolean("denied", false),
          Settings.of(row),
          Custody.of(row),
          TIMES.of(Instant.parse(row.getString("created_at"))));
    }

    /** The customer of its product who has it; null if none. */
    public @Nullable AccountId customer() {
      return custody == null ? null : custody.customer();
    }
  }

  /** A customer who has a device, and since when: what was before is none of his business. */
  record Custody(AccountId customer, Instant since) {
    static @Nullable Custody of(JsonObject row) {
      String customer = row.getString("customer");
      return customer == null
          ? null
          : new Custody(AccountId.of(customer), Instant.parse(row.getString("customer_since")));
    }
  }

  /**
   * What is set about a device.
   *
   * @param serialNumber null if it has none
   * @param development whether releases leave it alone
   * @param desiredFirmwareVersion what it is locked to, null if to nothing
   * @param groups ids; of groups that are there no more, too
   */
  record Settings(
      @Nullable String serialNumber,
      boolean development,
      boolean firmwareUpdatesEnabled,
      boolean firmwareUpdatesForced,
      @Nullable Integer desiredFirmwareVersion,
      List<String> groups) {
    private static final Settings NONE = new Settings(null, false, true, false, null, List.of());
    private static final Shared<List<String>> GROUPS = new Shared<>();

    /** Most devices have the same: one object serves them. */
    static Settings of(JsonObject row) {
      var groups = row.getJsonArray("groups");
      var settings =
          new Settings(
              row.getString("serial_number"),
              row.getBoolean("development", false),
              row.getBoolean("firmware_updates_enabled", true),
              row.getBoolean("firmware_updates_forced", false),
              row.getInteger("desired_firmware_version"),
              groups == null
                  ? List.of()
                  : GROUPS.of(groups.stream().map(group -> ((String) group).intern()).toList()));
      return settings.equals(NONE) ? NONE : settings;
    }
  }

  /** A group of devices of one product. */
  record DeviceGroup(
      String id, int product, String name, String description, String color, Instant createdAt)
      implements Entry {
    static DeviceGroup of(JsonObject row) {
      return new DeviceGroup(
          row.getString("id"),
          row.getInteger("product"),
          row.getString("name"),
          row.getString("description"),
          row.getString("color"),
          Instant.parse(row.getString("created_at")));
    }
  }

  /**
   * A product.
   *
   * @param classes which events matter more or less, by the start of their name; the longest that
   *     fits counts
   * @param permissions what its devices may publish and subscribe to
   * @param quarantine whether an unknown device with a certificate of the product's authorities is
   *     registered, into quarantine
   * @param settings what else is set about it, and only shown; never changed
   */
  record Product(
      int id,
      String slug,
      String name,
      String description,
      int platform,
      AccountId owner,
      List<TopicClass> classes,
      PermissionRules permissions,
      boolean quarantine,
      JsonObject settings,
      Instant createdAt)
      implements Entry {
    static Product of(JsonObject row) {
      var classes =
          row.getJsonArray("classes").stream()
              .map(JsonObject.class::cast)
              .map(
                  json ->
                      new TopicClass(
                          json.getString("prefix"), EventClass.valueOf(json.getString("class"))))
              .toList();
      return new Product(
          row.getInteger("id"),
          row.getString("slug"),
          row.getString("name"),
          row.getString("description"),
          row.getInteger("platform"),
          AccountId.of(row.getString("owner")),
          classes,
          PermissionRules.ofRow(row.getJsonArray("permissions"), row.getInteger("id")),
          row.getBoolean("quarantine", false),
          row.getJsonObject("settings", new JsonObject()),
          Instant.parse(row.getString("created_at")));
    }

    /** Days that the product's events may be told to be kept. */
    public static final List<Integer> EVENT_RETENTIONS = List.of(1, 7, 30, 90, 365);

    /** The setting of it. */
    public static final String EVENT_RETENTION = "event_retention_days";

    /** How many days its events are kept; 0 if it does not say. */
    public int eventRetentionDays() {
      return settings.getValue(EVENT_RETENTION) instanceof Integer days
              && EVENT_RETENTIONS.contains(days)
          ? days
          : 0;
    }

    /** The class of an event of this product. */
    public EventClass classOf(String eventName) {
      EventClass best = EventClass.NORMAL;
      int longest = -1;
      for (TopicClass rule : classes) {
        if (rule.prefix().length() > longest && eventName.startsWith(rule.prefix())) {
          best = rule.eventClass();
          longest = rule.prefix().length();
        }
      }
      return best;
    }
  }

  /** Events whose name starts so are of this class. */
  record TopicClass(String prefix, EventClass eventClass) {}

  /**
   * An integration (a webhook).
   *
   * @param event the start of the names that trigger it, case-sensitive
   * @param disabled whether it is switched off
   * @param configuration all of it, as it was sent; never changed
   * @param pause since when it is switched off, or when it was last; null if it never was
   */
  record Integration(
      IntegrationId id,
      AccountId account,
      String event,
      String url,
      boolean disabled,
      JsonObject configuration,
      Instant createdAt,
      @Nullable Pause pause)
      implements Entry {

    /**
     * A time during which an integration is owed nothing.
     *
     * @param until null if it is not over
     */
    public record Pause(Instant from, @Nullable Instant until) {
      /** Tells whether a moment is within it. */
      public boolean holds(long millis) {
        return millis > from.toEpochMilli() && (until == null || millis <= until.toEpochMilli());
      }
    }

    private static @Nullable Pause pause(JsonObject row) {
      String from = row.getString("paused_at");
      String until = row.getString("resumed_at");
      if (from == null) {
        return row.getBoolean("disabled") ? new Pause(Instant.EPOCH, null) : null;
      }
      return new Pause(Instant.parse(from), until == null ? null : Instant.parse(until));
    }

    static Integration of(JsonObject row) {
      return new Integration(
          IntegrationId.of(row.getString("id")),
          AccountId.of(row.getString("account")),
          row.getString("event"),
          row.getString("url"),
          row.getBoolean("disabled"),
          row.getJsonObject("configuration"),
          Instant.parse(row.getString("created_at")),
          pause(row));
    }
  }

  /**
   * An authority whose certificates are taken from the devices of one product, and of no other.
   *
   * @param fingerprint SHA-256 of its certificate, 64 hexadecimal digits
   */
  record ProductAuthority(int product, String fingerprint, Authority authority, Instant createdAt)
      implements Entry {
    /** Its key: the product's number and the fingerprint. */
    public static String key(int product, String fingerprint) {
      return product + "/" + fingerprint;
    }

    /** The common name of a certificate that shows who has an authority's key. */
    public static String proofName(int product) {
      return "starling-product-" + product;
    }

    /** Null if the certificate cannot be read any more: it is trusted by nobody then. */
    static @Nullable ProductAuthority of(JsonObject row) {
      try {
        return new ProductAuthority(
            row.getInteger("product"),
            row.getString("fingerprint"),
            new Authority(Authority.read(row.getString("certificate"))),
            Instant.parse(row.getString("created_at")));
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
  }

  /** There, but null, where it is of no product. */
  private static int number(JsonObject row, String column) {
    return row.getValue(column) instanceof Number number ? number.intValue() : 0;
  }

  /**
   * An OAuth client.
   *
   * @param onlyCustomers whether it only makes customers of its product and lets them in
   * @param product 0 if it is of none
   * @param secretHash SHA-256 of its secret, 64 hexadecimal digits
   */
  record Client(
      String id,
      AccountId owner,
      int product,
      String name,
      String type,
      @Nullable String redirectUri,
      String secretHash,
      boolean onlyCustomers,
      Instant createdAt)
      implements Entry {
    static Client of(JsonObject row) {
      return new Client(
          row.getString("id"),
          AccountId.of(row.getString("owner")),
          number(row, "product"),
          row.getString("name"),
          row.getString("type"),
          row.getString("redirect_uri"),
          row.getString("secret_hash"),
          row.getBoolean("only_customers", false),
          Instant.parse(row.getString("created_at")));
    }
  }

  /**
   * A ledger.
   *
   * @param upstream whether devices write it, else they are told it
   * @param archivedAt null if it is not archived
   */
  record Ledger(
      String id,
      AccountId account,
      String name,
      LedgerScope scope,
      boolean upstream,
      String description,
      @Nullable Instant archivedAt,
      Instant createdAt,
      Instant updatedAt)
      implements Entry {
    static Ledger of(JsonObject row) {
      return new Ledger(
          row.getString("id"),
          AccountId.of(row.getString("account")),
          row.getString("name"),
          LedgerScope.valueOf(row.getString("scope")),
          row.getBoolean("upstream"),
          row.getString("description"),
          instant(row, "archived_at"),
          Instant.parse(row.getString("created_at")),
          Instant.parse(row.getString("updated_at")));
    }

    /** Tells whether it goes to or from devices. */
    public boolean isInUse() {
      return archivedAt == null;
    }
  }

  /**
   * An instance of a downstream ledger.
   *
   * @param ledger the id of it
   * @param data a JSON object as text; null once it was deleted
   */
  record LedgerInstance(
      String ledger,
      String scopeValue,
      long version,
      @Nullable String data,
      Instant createdAt,
      Instant updatedAt)
      implements Entry {
    static LedgerInstance of(JsonObject row) {
      return new LedgerInstance(
          row.getString("ledger"),
          row.getString("scope_value"),
          row.getLong("version"),
          row.getString("data"),
          Instant.parse(row.getString("created_at")),
          Instant.parse(row.getString("updated_at")));
    }

    /** Its key. */
    public static String key(String ledger, String scopeValue) {
      return ledger + "/" + scopeValue;
    }
  }

  /**
   * Environment variables of a scope.
   *
   * @param own the draft, by name; never changed
   * @param snapshot what was rolled out last, by name; never changed
   * @param version of the snapshot; 0 if there is none
   * @param onConnect whether devices that were connected are told when they connect next
   * @param rolloutAt null if nothing was rolled out
   */
  record Env(
      EnvScope scope,
      Map<String, String> own,
      Map<String, String> snapshot,
      long version,
      boolean onConnect,
      Instant createdAt,
      AccountId createdBy,
      Instant updatedAt,
      AccountId updatedBy,
      @Nullable Instant rolloutAt,
      @Nullable AccountId rolloutBy)
      implements Entry {
    static @Nullable Env of(JsonObject row) {
      var scope = EnvScope.ofKey(row.getString("id"));
      String rolloutBy = row.getString("rollout_by");
      return scope.isEmpty()
          ? null
          : new Env(
              scope.get(),
              texts(row.getString("own")),
              texts(row.getString("snapshot", "{}")),
              row.getLong("version"),
              row.getBoolean("on_connect"),
              Instant.parse(row.getString("created_at")),
              AccountId.of(row.getString("created_by")),
              Instant.parse(row.getString("updated_at")),
              AccountId.of(row.getString("updated_by")),
              instant(row, "rollout_at"),
              rolloutBy == null ? null : AccountId.of(rolloutBy));
    }

    private static Map<String, String> texts(@Nullable String json) {
      var texts = new HashMap<String, String>();
      if (json != null) {
        new JsonObject(json).forEach(field -> texts.put(field.getKey(), (String) field.getValue()));
      }
      return Map.copyOf(texts);
    }
  }

  private static @Nullable Instant instant(JsonObject row, String column) {
    String text = row.getString(column);
    return text == null ? null : Instant.parse(text);
  }

  /**
   * Reads a row.
   *
   * @param kind the table; null is answered for one that this version does not know
   */
  static @Nullable Entry of(String kind, String row) {
    var json = new JsonObject(row);
    return switch (kind) {
      case "account" -> Account.of(json);
      case "organization" -> Organization.of(json);
      case "organization_member" -> Colleague.of(json);
      case "member" -> Member.of(json);
      case "token" -> Token.of(json);
      case "device" -> Device.of(json);
      case "product" -> Product.of(json);
      case "device_group" -> DeviceGroup.of(json);
      case "product_authority" -> ProductAuthority.of(json);
      case "integration" -> Integration.of(json);
      case "signing_key" -> SigningKey.of(json);
      case "client" -> Client.of(json);
      case "env" -> Env.of(json);
      case "ledger" -> Ledger.of(json);
      case "ledger_instance" -> LedgerInstance.of(json);
      default -> null;
    };
  }
}
