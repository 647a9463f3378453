package io.starling.api;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.AccountsRequest;
import io.starling.contract.DeviceId;
import io.starling.contract.IntegrationId;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.WebhooksReply;
import io.starling.contract.WebhooksRequest;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The accounts and webhooks services without a database: what they write is in the directory. */
final class FakeServices {
  private final FakeDirectory directory;
  final FakePeople people;
  private final Map<DeviceId, AccountId> owners = new ConcurrentHashMap<>();
  private int products = 1_000;
  volatile boolean databaseDown;
  volatile boolean silent;

  FakeServices(FakeDirectory directory) {
    this.directory = directory;
    this.people = new FakePeople(directory);
  }

  Future<?> serve(Bus bus) {
    return Future.all(
        bus.serve("accounts", AccountsRequest.class, this::answer),
        bus.serve(PeopleRequest.ADDRESS, PeopleRequest.class, this::answer),
        bus.serve("webhooks", WebhooksRequest.class, this::answer));
  }

  AccountId person(String email, String password) {
    return people.person(email, password);
  }

  void owns(AccountId account, DeviceId device) {
    owners.put(device, account);
  }

  private Future<PeopleReply> answer(PeopleRequest request) {
    if (silent) {
      return Future.future(_ -> {});
    }
    return Future.succeededFuture(
        databaseDown ? new PeopleReply.DatabaseDown(3) : people.write(request));
  }

  private Future<AccountsReply> answer(AccountsRequest request) {
    if (silent) {
      return Future.future(_ -> {});
    }
    return Future.succeededFuture(
        databaseDown ? new AccountsReply.DatabaseDown(3) : write(request));
  }

  private AccountsReply write(AccountsRequest request) {
    return switch (request) {
      case AccountsRequest.CreateProduct(var account, var name, _, _) -> {
        String slug = name + "-" + ++products;
        directory.product(products, slug, account);
        yield new AccountsReply.ProductCreated(products, slug, directory.end());
      }
      case AccountsRequest.SetPermissions(var account, var product, var permissions) -> {
        directory.product(product, "thermo", account, permissions, false);
        yield new AccountsReply.Written(directory.end());
      }
      case AccountsRequest.SetQuarantine(var account, var product, boolean on) -> {
        directory.product(product, "thermo", account, List.of(), on);
        yield new AccountsReply.Written(directory.end());
      }
      case AccountsRequest.AddAuthority(_, var product, var certificate, var proof) -> {
        if (!proof.equals("proof")) {
          yield new AccountsReply.AuthorityRefused("proof must be one");
        }
        directory.authority(product, "ab12", certificate);
        yield new AccountsReply.AuthorityAdded("ab12", directory.end());
      }
      case AccountsRequest.RemoveAuthority(_, var product, var fingerprint) -> {
        if (!fingerprint.equals("ab12")) {
          yield new AccountsReply.NotFound();
        }
        directory.remove("product_authority", product + "/" + fingerprint);
        yield new AccountsReply.Written(directory.end());
      }
      case AccountsRequest.AddDevices(var account, var product, var ids) -> {
        ids.forEach(id -> directory.quarantined(id, account, product, false, false));
        yield new AccountsReply.DevicesAdded(ids, List.of(), List.of(), directory.end());
      }
      case AccountsRequest.RemoveDevice(var account, var product, var id, boolean deny) -> {
        directory.quarantined(id, account, deny ? product : 0, deny, deny);
        yield new AccountsReply.Written(directory.end());
      }
      case AccountsRequest.RegisterDevice _ -> new AccountsReply.NotFound();
      case AccountsRequest.CreateDevices(var account, var product, var count) ->
          createDevices(account, product, count);
      case AccountsRequest.ClaimDevice(var account, var device) -> claim(account, device);
      case AccountsRequest.EditDevice(var account, var device, var name, var notes) -> {
        if (!account.equals(owners.get(device))) {
          yield new AccountsReply.NotFound();
        }
        directory.device(device, account, Region.PRODUCT, name, notes);
        yield new AccountsReply.Written(directory.end());
      }
      case AccountsRequest.ReleaseDevice(_, var device) -> {
        directory.device(device, null, 0, null);
        yield new AccountsReply.Written(directory.end());
      }
      case AccountsRequest.WakeFeed _ -> new AccountsReply.NotFound();
    };
  }

  private AccountsReply createDevices(AccountId account, int product, int count) {
    List<AccountsReply.NewDevice> devices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var id = DeviceId.create();
      directory.device(id, account, product, null);
      devices.add(new AccountsReply.NewDevice(id, Secrets.newDeviceSecret()));
    }
    return new AccountsReply.DevicesCreated(devices, directory.end());
  }

  private AccountsReply claim(AccountId account, DeviceId device) {
    var owner = owners.get(device);
    if (owner == null) {
      return new AccountsReply.ClaimRefused(AccountsReply.ClaimRefused.Reason.UNKNOWN);
    }
    if (!owner.equals(account)) {
      return new AccountsReply.ClaimRefused(AccountsReply.ClaimRefused.Reason.BELONGS_TO_ANOTHER);
    }
    directory.device(device, account, 0, null);
    return new AccountsReply.Claimed(device, directory.end());
  }

  private Future<WebhooksReply> answer(WebhooksRequest request) {
    if (silent) {
      return Future.future(_ -> {});
    }
    return Future.succeededFuture(
        databaseDown ? new WebhooksReply.DatabaseDown(3) : write(request));
  }

  private WebhooksReply write(WebhooksRequest request) {
    return switch (request) {
      case WebhooksRequest.CreateIntegration(var account, var configuration) ->
          save(account, IntegrationId.create(), new JsonObject(configuration));
      case WebhooksRequest.EditIntegration(var account, var id, var configuration) ->
          save(account, id, new JsonObject(configuration));
      case WebhooksRequest.DeleteIntegration(_, var id) -> {
        directory.remove("integration", id.toString());
        yield new WebhooksReply.Deleted(directory.end());
      }
    };
  }

  private WebhooksReply save(AccountId account, IntegrationId id, JsonObject configuration) {
    if (configuration.getString("url") == null) {
      return new WebhooksReply.Invalid("url is required");
    }
    directory.integration(id, account, configuration);
    return new WebhooksReply.Saved(id, directory.end());
  }
}
