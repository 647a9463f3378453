package io.starling.api;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.AttemptsReply;
import io.starling.contract.AttemptsRequest;
import io.starling.contract.BusMessage;
import io.starling.contract.CustomersRequest;
import io.starling.contract.DeliveriesReply;
import io.starling.contract.DeliveriesRequest;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesRequest;
import io.starling.contract.EnvRequest;
import io.starling.contract.ImportsRequest;
import io.starling.contract.LedgersRequest;
import io.starling.contract.LibrariesRequest;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthRequest;
import io.starling.contract.OidcReply;
import io.starling.contract.OidcRequest;
import io.starling.contract.OrganizationsRequest;
import io.starling.contract.PasskeysRequest;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsRequest;
import io.starling.contract.SecretsRequest;
import io.starling.contract.TeamsReply;
import io.starling.contract.TeamsRequest;
import io.starling.contract.TransfersReply;
import io.starling.contract.TransfersRequest;
import io.starling.contract.WebhooksReply;
import io.starling.contract.WebhooksRequest;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The accounts and webhooks services without a database: what they write is in the directory. */
final class FakeServices {
  /** That of every label. */
  static final String CLAIM_SECRET = "b".repeat(40);

  /** The only one that anybody is asked about. */
  static final String TRANSFER = "a".repeat(24);

  private final FakeDirectory directory;
  final FakePeople people;
  final FakeImports imports = new FakeImports();
  final FakeLedgers ledgers;
  final FakeCustomers customers;
  final FakeWebhooks webhooks;
  final FakeOAuth oauth;
  final FakeOidc oidc;
  final FakeSecrets secrets = new FakeSecrets();
  final FakePasskeys passkeys;
  final FakeLibraries libraries = new FakeLibraries();
  final FakeEnv env;
  final FakeOrganizations organizations;
  private final Map<DeviceId, AccountId> owners = new ConcurrentHashMap<>();
  private final Map<String, String> groups = new ConcurrentHashMap<>();
  private int products = 1_000;
  volatile boolean databaseDown;
  volatile boolean silent;
  volatile Function<AttemptsRequest, AttemptsReply> attempts = FakeServices::none;
  volatile @Nullable DeliveriesRequest lastDeliveries;
  volatile DevicesRequest.@Nullable StorePublicKey lastKey;

  FakeServices(FakeDirectory directory) {
    this.directory = directory;
    this.people = new FakePeople(directory);
    this.customers = new FakeCustomers(directory);
    this.webhooks = new FakeWebhooks(directory);
    this.oauth = new FakeOAuth(directory, people);
    this.oidc = new FakeOidc(oauth);
    this.passkeys = new FakePasskeys(oauth);
    this.ledgers = new FakeLedgers(directory);
    this.env = new FakeEnv(directory);
    this.organizations = new FakeOrganizations(directory, people);
  }

  Future<?> serve(Bus bus) {
    return Future.all(
        List.of(
            bus.serve(PeopleRequest.ADDRESS, PeopleRequest.class, this::answer),
            bus.serve(
                ProductsRequest.ADDRESS, ProductsRequest.class, it -> answer(() -> write(it))),
            bus.serve(DevicesRequest.ADDRESS, DevicesRequest.class, it -> answer(() -> write(it))),
            bus.serve(
                TransfersRequest.ADDRESS, TransfersRequest.class, it -> answer(() -> write(it))),
            bus.serve(CustomersRequest.ADDRESS, CustomersRequest.class, this::answer),
            bus.serve(TeamsRequest.ADDRESS, TeamsRequest.class, it -> answer(() -> write(it))),
            bus.serve(
                ImportsRequest.ADDRESS,
                ImportsRequest.class,
                it -> answer(() -> imports.answer(it))),
            bus.serve(
                LedgersRequest.ADDRESS,
                LedgersRequest.class,
                it -> answer(() -> ledgers.write(it))),
            bus.serve(OAuthRequest.ADDRESS, OAuthRequest.class, this::answer),
            bus.serve(OidcRequest.ADDRESS, OidcRequest.class, this::answer),
            bus.serve(
                LibrariesRequest.ADDRESS,
                LibrariesRequest.class,
                it -> answer(() -> libraries.answer(it))),
            bus.serve(
                OrganizationsRequest.ADDRESS,
                OrganizationsRequest.class,
                it -> answer(() -> organizations.write(it))),
            bus.serve(EnvRequest.ADDRESS, EnvRequest.class, it -> answer(() -> env.write(it))),
            bus.serve(
                PasskeysRequest.ADDRESS,
                PasskeysRequest.class,
                it -> answer(() -> passkeys.answer(it))),
            bus.serve(
                SecretsRequest.ADDRESS,
                SecretsRequest.class,
                it -> answer(() -> secrets.answer(it))),
            bus.serve("attempts", AttemptsRequest.class, this::answer),
            bus.serve("deliveries", DeliveriesRequest.class, this::answer),
            bus.serve("webhooks", WebhooksRequest.class, this::answer)));
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

  private Future<BusMessage> answer(OAuthRequest request) {
    if (silent) {
      return Future.future(_ -> {});
    }
    return Future.succeededFuture(
        databaseDown ? new OAuthReply.DatabaseDown(3) : oauth.answer(request));
  }

  private Future<BusMessage> answer(OidcRequest request) {
    if (silent) {
      return Future.future(_ -> {});
    }
    boolean down = databaseDown && !(request instanceof OidcRequest.ListProviders);
    return Future.succeededFuture(down ? new OidcReply.DatabaseDown(3) : oidc.answer(request));
  }

  private Future<BusMessage> answer(Supplier<BusMessage> write) {
    if (silent) {
      return Future.future(_ -> {});
    }
    return Future.succeededFuture(databaseDown ? new AccountsReply.DatabaseDown(3) : write.get());
  }

  private BusMessage write(TeamsRequest request) {
    return switch (request) {
      case TeamsRequest.AddMember(int product, String email, String role) -> {
        var known = people.find(email);
        if (known.isEmpty()) {
          yield new TeamsReply.MemberRefused(TeamsReply.MemberRefused.Reason.UNKNOWN);
        }
        directory.member(product, known.get(), role, List.of());
        yield new TeamsReply.MemberAdded(known.get(), directory.end());
      }
      case TeamsRequest.EditMember(int product, AccountId member, String role) -> {
        directory.member(product, member, role, List.of());
        yield new AccountsReply.Written(directory.end());
      }
      case TeamsRequest.RemoveMember(int product, AccountId member) -> {
        directory.remove("member", product + "/" + member);
        yield new AccountsReply.Written(directory.end());
      }
      case TeamsRequest.CreateProgram(int product, String name, List<String> scopes) -> {
        var id = AccountId.create();
        directory.program(id, name + "+1@api.starling.invalid", name);
        directory.member(product, id, null, scopes);
        directory.programToken(id, FakePeople.PROGRAM_TOKEN, product, scopes);
        yield new TeamsReply.ProgramToken(
            id, name + "+1@api.starling.invalid", FakePeople.PROGRAM_TOKEN, directory.end());
      }
      case TeamsRequest.RenewProgram(int product, AccountId member, List<String> scopes) -> {
        if (!scopes.isEmpty()) {
          directory.member(product, member, null, scopes);
        }
        yield new TeamsReply.ProgramToken(member, "it", FakePeople.PROGRAM_TOKEN, directory.end());
      }
    };
  }

  private BusMessage write(ProductsRequest request) {
    return switch (request) {
      case ProductsRequest.CreateProduct(var account, var name, _, _) -> {
        String slug = name + "-" + ++products;
        directory.product(products, slug, account);
        yield new ProductsReply.ProductCreated(products, slug, directory.end());
      }
      case ProductsRequest.MoveProduct(_, var product, var to) -> {
        directory.product(product, "moved-" + product, to);
        yield new AccountsReply.Written(directory.end());
      }
      case ProductsRequest.SetPermissions(var account, var product, var permissions) -> {
        directory.product(product, "thermo", account, permissions, false);
        yield new AccountsReply.Written(directory.end());
      }
      case ProductsRequest.CreateGroup(_, var product, var name, var text, var color) -> {
        if (groups.putIfAbsent(name, name) != null) {
          yield new ProductsReply.GroupRefused(ProductsReply.GroupRefused.Reason.NAME_IN_USE);
        }
        directory.group(product, name, name, text, color);
        yield new ProductsReply.GroupSaved(name, directory.end());
      }
      case ProductsRequest.EditGroup(_, var product, var group, var name, var text, var color) -> {
        String id = groups.remove(group);
        if (id == null) {
          yield new AccountsReply.NotFound();
        }
        groups.put(Objects.requireNonNullElse(name, group), id);
        directory.group(
            product,
            id,
            Objects.requireNonNullElse(name, group),
            Objects.requireNonNullElse(text, ""),
            Objects.requireNonNullElse(color, ""));
        yield new ProductsReply.GroupSaved(id, directory.end());
      }
      case ProductsRequest.DeleteGroup(_, _, var group) -> {
        String id = groups.remove(group);
        if (id == null) {
          yield new AccountsReply.NotFound();
        }
        directory.remove("device_group", id);
        yield new AccountsReply.Written(directory.end());
      }
      case ProductsRequest.EditProduct edit -> {
        directory.edit(edit);
        yield new AccountsReply.Written(directory.end());
      }
      case ProductsRequest.DeleteProduct(_, var product) -> {
        if (product == Region.PRODUCT) {
          yield new ProductsReply.NotEmpty();
        }
        directory.remove("product", Integer.toString(product));
        yield new ProductsReply.Deleted(directory.end());
      }
      case ProductsRequest.AddAuthority(_, var product, var certificate, var proof) -> {
        if (!proof.equals("proof")) {
          yield new ProductsReply.AuthorityRefused("proof must be one");
        }
        directory.authority(product, "ab12", certificate);
        yield new ProductsReply.AuthorityAdded("ab12", directory.end());
      }
      case ProductsRequest.RemoveAuthority(_, var product, var fingerprint) -> {
        if (!fingerprint.equals("ab12")) {
          yield new AccountsReply.NotFound();
        }
        directory.remove("product_authority", product + "/" + fingerprint);
        yield new AccountsReply.Written(directory.end());
      }
    };
  }

  private BusMessage write(DevicesRequest request) {
    return switch (request) {
      case DevicesRequest.AddDevices(var account, var product, var ids) -> {
        ids.forEach(id -> directory.quarantined(id, account, product, false, false));
        yield new DevicesReply.DevicesAdded(ids, List.of(), List.of(), directory.end());
      }
      case DevicesRequest.RemoveDevice(var account, var product, var id, boolean deny) -> {
        directory.quarantined(id, account, deny ? product : 0, deny, deny);
        yield new AccountsReply.Written(directory.end());
      }
      case DevicesRequest.RegisterDevice _ ->
          new DevicesReply.RegistrationRefused(DevicesReply.RegistrationRefused.Reason.NOT_WANTED);
      case DevicesRequest.CreateDevices(var account, var product, var count, var labels) ->
          createDevices(account, product, count, labels);
      case DevicesRequest.ClaimDevice(var account, var device) -> claim(account, device);
      case DevicesRequest.EditDevice(var account, int product, var device, var change) -> {
        boolean mine = product != 0 || account.equals(owners.get(device));
        if (!mine) {
          yield new AccountsReply.NotFound();
        }
        if (change.groups() != null && !groups.keySet().containsAll(change.groups())) {
          yield new DevicesReply.EditRefused(DevicesReply.EditRefused.Reason.GROUP_UNKNOWN);
        }
        directory.edit(device, change);
        yield new DevicesReply.Edited(directory.end());
      }
      case DevicesRequest.StorePublicKey key -> {
        lastKey = key;
        yield new AccountsReply.Written(directory.end());
      }
      case DevicesRequest.CreateClaimCode _ ->
          new DevicesReply.ClaimCodeCreated(Secrets.newClaimCode());
      case DevicesRequest.ShowClaimCode _ ->
          new DevicesReply.ClaimRefused(DevicesReply.ClaimRefused.Reason.CODE_INVALID);
      case DevicesRequest.CreateClaimSecret _ -> new DevicesReply.ClaimSecretCreated(CLAIM_SECRET);
      case DevicesRequest.ClaimBySecret(var account, var device, var secret, _) ->
          secret.equals(CLAIM_SECRET)
              ? claimed(account, device)
              : new DevicesReply.ClaimRefused(DevicesReply.ClaimRefused.Reason.CODE_INVALID);
      case DevicesRequest.FreeDevice(_, _, var device) -> {
        directory.held(device, null);
        yield new AccountsReply.Written(directory.end());
      }
      case DevicesRequest.RegroupDevices(_, _, var devices, var add, var remove) -> {
        devices.forEach(device -> directory.regroup(device, add, remove));
        yield new DevicesReply.Edited(directory.end());
      }
      case DevicesRequest.ReleaseDevice(_, var device) -> {
        directory.device(device, null, 0, null);
        yield new AccountsReply.Written(directory.end());
      }
    };
  }

  private DevicesReply createDevices(AccountId account, int product, int count, boolean labels) {
    List<DevicesReply.NewDevice> devices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var id = DeviceId.create();
      directory.device(id, account, product, null);
      devices.add(
          new DevicesReply.NewDevice(id, Secrets.newDeviceSecret(), labels ? CLAIM_SECRET : null));
    }
    return new DevicesReply.DevicesCreated(devices, directory.end());
  }

  private DevicesReply claim(AccountId account, DeviceId device) {
    var owner = owners.get(device);
    if (owner == null) {
      return new DevicesReply.ClaimRefused(DevicesReply.ClaimRefused.Reason.UNKNOWN);
    }
    if (!owner.equals(account)) {
      return new DevicesReply.ClaimRefused(DevicesReply.ClaimRefused.Reason.BELONGS_TO_ANOTHER);
    }
    return claimed(account, device);
  }

  private DevicesReply claimed(AccountId account, DeviceId device) {
    if (customers.isCustomer(account)) {
      directory.held(device, account);
    } else {
      directory.device(device, account, 0, null);
    }
    return new DevicesReply.Claimed(device, directory.end());
  }

  private BusMessage write(TransfersRequest request) {
    return switch (request) {
      case TransfersRequest.RequestTransfer _ -> new TransfersReply.TransferRequested(TRANSFER);
      case TransfersRequest.ListTransfers _ ->
          new TransfersReply.TransfersFound(
              List.of(
                  new TransfersReply.TransferLine(
                      TRANSFER, DeviceId.create(), "ben@example.com", 1_767_323_045_678L)));
      case TransfersRequest.AnswerTransfer(_, var transfer, _) -> known(transfer.equals(TRANSFER));
      case TransfersRequest.AnswerByLink(var hash, _) ->
          known(hash.equals(Secrets.hash(FakePeople.LINK)));
      case TransfersRequest.WithdrawTransfer(_, var transfer) -> known(transfer.equals(TRANSFER));
    };
  }

  private BusMessage known(boolean known) {
    return known ? new AccountsReply.Written(directory.end()) : new AccountsReply.NotFound();
  }

  private Future<BusMessage> answer(CustomersRequest request) {
    return Future.succeededFuture(
        databaseDown ? new PeopleReply.DatabaseDown(3) : customers.write(request));
  }

  private Future<AttemptsReply> answer(AttemptsRequest request) {
    if (silent) {
      return Future.future(_ -> {});
    }
    return Future.succeededFuture(
        databaseDown ? new AttemptsReply.DatabaseDown(3) : attempts.apply(request));
  }

  private Future<DeliveriesReply> answer(DeliveriesRequest request) {
    if (silent) {
      return Future.future(_ -> {});
    }
    lastDeliveries = request;
    if (databaseDown) {
      return Future.succeededFuture(new DeliveriesReply.DatabaseDown(3));
    }
    return Future.succeededFuture(
        switch (request) {
          case DeliveriesRequest.Page page when "lost".equals(page.after()) ->
              new DeliveriesReply.PlaceUnknown();
          case DeliveriesRequest.Page page -> new DeliveriesReply.PageFound(owed(page), "1_2");
          case DeliveriesRequest.Redeliver _ -> new DeliveriesReply.Redelivered(7, false);
        });
  }

  private static List<DeliveriesReply.Owed> owed(DeliveriesRequest.Page page) {
    var filter = page.filter();
    return List.of(
        new DeliveriesReply.Owed(
            "1-2-" + filter.integration(),
            "temp",
            filter.device(),
            1_000,
            filter.state(),
            2_000,
            3,
            "status 500",
            "no answer in time"));
  }

  private static AttemptsReply none(AttemptsRequest request) {
    return switch (request) {
      case AttemptsRequest.Overview _ ->
          new AttemptsReply.OverviewFound(List.of(), List.of(), List.of());
      case AttemptsRequest.Page _ -> new AttemptsReply.PageFound(List.of(), null);
      case AttemptsRequest.Trace _ -> new AttemptsReply.Traced(List.of());
    };
  }

  private Future<WebhooksReply> answer(WebhooksRequest request) {
    if (silent) {
      return Future.future(_ -> {});
    }
    boolean down = databaseDown && !(request instanceof WebhooksRequest.TestIntegration);
    return Future.succeededFuture(
        down ? new WebhooksReply.DatabaseDown(3) : webhooks.write(request));
  }
}
