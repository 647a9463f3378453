package io.starling.api;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.Change;
import io.starling.contract.DeviceChange;
import io.starling.contract.DeviceId;
import io.starling.contract.DirectoryReply;
import io.starling.contract.DirectoryRequest;
import io.starling.contract.FeedPosition;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.contract.ProductsRequest;
import io.starling.contract.TopicPermission;
import io.starling.directory.PermissionRules;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The directory log as a list: rows go in from any thread, followers read them over the bus. */
final class FakeDirectory {
  /** Since when customers have their devices. */
  static final String CUSTOMER_SINCE = "2026-01-01T00:00:00Z";

  private final List<Change> changes = new ArrayList<>();
  private final List<Promise<Void>> waiting = new ArrayList<>();

  /** Whether it does not answer how far it is. */
  volatile boolean down;

  /** Followers get nothing until this is complete. */
  volatile Future<Void> gate = Future.succeededFuture();

  Future<Bus.Registration> serve(Bus bus) {
    return bus.serve(
        "directory",
        DirectoryRequest.class,
        request ->
            switch (request) {
              case DirectoryRequest.ReadChanges read -> read(read);
              case DirectoryRequest.FeedAt _ ->
                  down
                      ? Future.failedFuture("down")
                      : Future.succeededFuture(new DirectoryReply.Feed(FeedPosition.START, end()));
              default -> Future.failedFuture("not of this fake");
            });
  }

  private synchronized Future<DirectoryReply.ReadReply> read(DirectoryRequest.ReadChanges read) {
    if (read.from().index() < changes.size() || read.waitMillis() == 0) {
      return gate.map(_ -> page(read.from()));
    }
    Promise<Void> promise = Promise.promise();
    waiting.add(promise);
    return promise
        .future()
        .timeout(read.waitMillis(), TimeUnit.MILLISECONDS)
        .otherwiseEmpty()
        .compose(_ -> gate)
        .map(_ -> page(read.from()));
  }

  private synchronized DirectoryReply.ReadReply page(JournalPosition from) {
    return new DirectoryReply.Changes(
        List.copyOf(changes.subList((int) from.index(), changes.size())), end(), true);
  }

  synchronized JournalPosition end() {
    return new JournalPosition(changes.size(), 0);
  }

  /** Puts a row in, or takes it away; the position behind it is the {@link #end}. */
  void put(String kind, String key, @Nullable JsonObject row) {
    List<Promise<Void>> woken;
    synchronized (this) {
      changes.add(new Change(kind, key, 1, changes.size() + 1, row == null ? null : row.encode()));
      woken = List.copyOf(waiting);
      waiting.clear();
    }
    woken.forEach(Promise::tryComplete);
  }

  void account(AccountId id, String email) {
    account(id, email, new JsonObject());
  }

  void account(AccountId id, String email, JsonObject info) {
    account(id, email, info, false);
  }

  void account(AccountId id, String email, JsonObject info, boolean mfa) {
    put(
        "account",
        id.toString(),
        new JsonObject()
            .put("id", id.toString())
            .put("email", email)
            .put("info", info)
            .put("mfa", mfa)
            .put("created_at", "2026-01-01T00:00:00Z"));
  }

  /** A customer of a product. */
  void customer(AccountId id, String email, int product) {
    account(id, email);
    put(
        "account",
        id.toString(),
        row("account", id.toString()).put("kind", "customer").put("product", product));
  }

  /** Gives a device to a customer of its product, or takes it away. */
  void held(DeviceId id, @Nullable AccountId customer) {
    put(
        "device",
        id.toString(),
        row("device", id.toString())
            .put("customer", customer == null ? null : customer.toString())
            .put("customer_since", customer == null ? null : CUSTOMER_SINCE));
  }

  /** An API user. */
  void program(AccountId id, String username, String name) {
    account(id, username, new JsonObject().put("friendly_name", name));
    put("account", id.toString(), row("account", id.toString()).put("kind", "program"));
  }

  /** Its token, for these scopes. */
  void programToken(AccountId id, String token, int product, List<String> scopes) {
    token(id, token, null, product);
    limit(token, scopes);
  }

  /** Has a token be for these scopes alone. */
  void limit(String token, List<String> scopes) {
    String hash = Secrets.hash(token);
    put("token", hash, row("token", hash).put("scopes", new JsonArray(scopes)));
  }

  void organization(AccountId id, String slug, String name) {
    put(
        "organization",
        id.toString(),
        new JsonObject()
            .put("id", id.toString())
            .put("slug", slug)
            .put("name", name)
            .put("created_at", "2026-01-01T00:00:00Z"));
  }

  void colleague(AccountId organization, AccountId account, String role) {
    colleague(organization, account, role, List.of());
  }

  /** Somebody in an organization: a person by a role, or an API user by scopes. */
  void colleague(
      AccountId organization, AccountId account, @Nullable String role, List<String> scopes) {
    put(
        "organization_member",
        organization + "/" + account,
        new JsonObject()
            .put("organization", organization.toString())
            .put("account", account.toString())
            .put("role", role)
            .put("scopes", role == null ? new JsonArray(scopes) : null)
            .put("created_at", "2026-01-01T00:00:00Z"));
  }

  /** Somebody in a team: a person by a role, or an API user by scopes. */
  void member(int product, AccountId account, @Nullable String role, List<String> scopes) {
    put(
        "member",
        product + "/" + account,
        new JsonObject()
            .put("product", product)
            .put("account", account.toString())
            .put("role", role)
            .put("scopes", role == null ? new JsonArray(scopes) : null)
            .put("created_at", "2026-01-01T00:00:00Z"));
  }

  void client(String id, AccountId owner, int product, String name, String secret) {
    put(
        "client",
        id,
        new JsonObject()
            .put("id", id)
            .put("owner", owner.toString())
            .put("product", product == 0 ? null : product)
            .put("name", name)
            .put("type", "installed")
            .put("secret_hash", Secrets.hash(secret))
            .put("created_at", "2026-01-01T00:00:00Z"));
  }

  void onlyForCustomers(String client) {
    put("client", client, row("client", client).put("only_customers", true));
  }

  /** Where the answers to a client's users go. */
  void redirect(String id, String type, String uri) {
    put("client", id, row("client", id).put("type", type).put("redirect_uri", uri));
  }

  /** For whom a token was made. */
  void givenTo(String client, String token) {
    String hash = Secrets.hash(token);
    put("token", hash, row("token", hash).put("client", client));
  }

  void productToken(AccountId account, String token, int product) {
    token(account, token, null, product);
  }

  void token(AccountId account, String token, @Nullable Instant expiresAt) {
    token(account, token, expiresAt, null);
  }

  private void token(
      AccountId account, String token, @Nullable Instant expiresAt, @Nullable Integer product) {
    String hash = Secrets.hash(token);
    put(
        "token",
        hash,
        new JsonObject()
            .put("hash", hash)
            .put("account", account.toString())
            .put("client", "particle-cli")
            .put("product", product)
            .put("created_at", "2026-01-01T00:00:00Z")
            .put("expires_at", expiresAt == null ? null : expiresAt.toString()));
  }

  void device(DeviceId id, @Nullable AccountId owner, int product, @Nullable String name) {
    device(id, owner, product, name, null);
  }

  void device(
      DeviceId id,
      @Nullable AccountId owner,
      int product,
      @Nullable String name,
      @Nullable String notes) {
    put(
        "device",
        id.toString(),
        new JsonObject()
            .put("id", id.toString())
            .put("owner", owner == null ? null : owner.toString())
            .put("product", product)
            .put("name", name)
            .put("notes", notes)
            .put("platform", 32)
            .put("secret_hash", Secrets.hash("secret"))
            .put("created_at", "2026-01-01T00:00:00Z"));
  }

  /** Changes what is not null; what a device was before is the row that it has now. */
  void edit(DeviceId id, DeviceChange change) {
    var row = row("device", id.toString());
    if (change.name() != null) {
      row.put("name", change.name().isEmpty() ? null : change.name());
    }
    if (change.notes() != null) {
      row.put("notes", change.notes().isEmpty() ? null : change.notes());
    }
    if (change.serialNumber() != null) {
      row.put("serial_number", change.serialNumber());
    }
    if (change.development() != null) {
      row.put("development", change.development());
    }
    if (change.firmwareUpdatesEnabled() != null) {
      row.put("firmware_updates_enabled", change.firmwareUpdatesEnabled());
    }
    if (change.firmwareUpdatesForced() != null) {
      row.put("firmware_updates_forced", change.firmwareUpdatesForced());
    }
    var version = change.desiredFirmwareVersion();
    if (version != null) {
      row.put("desired_firmware_version", version == DeviceChange.UNLOCK ? null : version);
    }
    if (change.groups() != null) {
      row.put("groups", new JsonArray(change.groups()));
    }
    put("device", id.toString(), row);
  }

  /** The same of a product. */
  void edit(ProductsRequest.EditProduct change) {
    String key = Integer.toString(change.product());
    var row = row("product", key);
    if (change.name() != null) {
      row.put("name", change.name());
    }
    if (change.description() != null) {
      row.put("description", change.description());
    }
    if (change.quarantine() != null) {
      row.put("quarantine", change.quarantine());
    }
    if (change.settings() != null) {
      row.put("settings", new JsonObject(change.settings()));
    }
    put("product", key, row);
  }

  /** Here a group's id is its first name. */
  void regroup(DeviceId id, List<String> add, List<String> remove) {
    var row = row("device", id.toString());
    var groups = new TreeSet<String>();
    row.getJsonArray("groups", new JsonArray()).forEach(group -> groups.add((String) group));
    groups.addAll(add);
    groups.removeAll(remove);
    put("device", id.toString(), row.put("groups", new JsonArray(List.copyOf(groups))));
  }

  private synchronized JsonObject row(String kind, String key) {
    return changes.reversed().stream()
        .filter(change -> change.kind().equals(kind) && change.key().equals(key))
        .findFirst()
        .map(Change::row)
        .map(JsonObject::new)
        .orElseThrow();
  }

  void group(int product, String id, String name, String description, String color) {
    put(
        "device_group",
        id,
        new JsonObject()
            .put("id", id)
            .put("product", product)
            .put("name", name)
            .put("description", description)
            .put("color", color)
            .put("created_at", "2026-01-01T00:00:00Z"));
  }

  void product(int id, String slug, AccountId owner) {
    product(id, slug, owner, List.of(), false);
  }

  void product(
      int id, String slug, AccountId owner, List<TopicPermission> permissions, boolean quarantine) {
    put(
        "product",
        Integer.toString(id),
        new JsonObject()
            .put("id", id)
            .put("slug", slug)
            .put("name", slug)
            .put("description", "what it is")
            .put("platform", 32)
            .put("owner", owner.toString())
            .put(
                "classes",
                new JsonArray().add(new JsonObject().put("prefix", "log/").put("class", "BULK")))
            .put("permissions", PermissionRules.encode(permissions))
            .put("quarantine", quarantine)
            .put("created_at", "2026-01-01T00:00:00Z"));
  }

  void authority(int product, String fingerprint, String certificate) {
    put(
        "product_authority",
        product + "/" + fingerprint,
        new JsonObject()
            .put("product", product)
            .put("fingerprint", fingerprint)
            .put("certificate", certificate)
            .put("created_at", "2026-01-01T00:00:00Z"));
  }

  void quarantined(DeviceId id, AccountId owner, int product, boolean quarantined, boolean denied) {
    put(
        "device",
        id.toString(),
        new JsonObject()
            .put("id", id.toString())
            .put("owner", owner.toString())
            .put("product", product)
            .put("platform", 32)
            .put("secret_hash", Secrets.hash("nobody knows"))
            .put("quarantined", quarantined)
            .put("denied", denied)
            .put("created_at", "2026-01-01T00:00:00Z"));
  }

  void integration(IntegrationId id, AccountId account, JsonObject configuration) {
    put(
        "integration",
        id.toString(),
        new JsonObject()
            .put("id", id.toString())
            .put("account", account.toString())
            .put("event", configuration.getString("event"))
            .put("url", configuration.getString("url"))
            .put("disabled", configuration.getBoolean("disabled", false))
            .put("configuration", configuration)
            .put("created_at", "2026-01-01T00:00:00Z"));
  }

  void archive(String kind, String key, boolean archived) {
    put(kind, key, row(kind, key).put("archived_at", archived ? "2026-01-01T00:00:00Z" : null));
  }

  void remove(String kind, String key) {
    put(kind, key, null);
  }
}
