package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.HistoryReply.EventsFound;
import io.starling.contract.HistoryRequest;
import io.starling.contract.HistoryRequest.Events;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Customers of a product: how they come to be, and what they see; and how devices change hands. */
class CustomersIT {
  private static final String ALL = "/v1/products/thermo/customers";
  private static final String SHOWN =
      "client_id=made-1234&client_secret=" + FakePeople.SECRET + "&grant_type=";
  private static final String ANN = "ann@example.com";
  private static final String ANN_TOKEN = "a".repeat(40);
  private static final String BEN_TOKEN = "b".repeat(40);

  @RegisterExtension private final Region region = Region.start();

  private void client(String scope) {
    var client = new JsonObject().put("name", "app").put("type", "installed").put("scope", scope);
    var reply = region.call("POST", "/v1/products/thermo/clients").json(client);
    assertThat(reply.status()).isEqualTo(200);
  }

  private Call.Reply token(String form) {
    return region.anonymous("POST", "/oauth/token").form(form);
  }

  private Call.Reply make(String fields) {
    return region.anonymous("POST", ALL).form(SHOWN + "client_credentials&" + fields);
  }

  /** Ann has the device that is online, Ben none. */
  private void annAndBen() {
    var ann = region.services.customers.customer(ANN);
    region.rows.productToken(ann, ANN_TOKEN, Region.PRODUCT);
    region.rows.productToken(
        region.services.customers.customer("ben@example.com"), BEN_TOKEN, Region.PRODUCT);
    region.rows.held(region.online, ann);
    caughtUp();
  }

  private AccountId id(String email) {
    return region.directory.customers().find(Region.PRODUCT, email).orElseThrow().id();
  }

  private void caughtUp() {
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
  }

  private Call as(String token, String method, String path) {
    return region.anonymous(method, path).header("Authorization", "Bearer " + token);
  }

  @Test
  void aClientMakesCustomersAndVouchesForThem() {
    client("full");
    var made = make("email=ann%40example.com&password=long+enough");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().getString("scope")).isEqualTo("customer=ann@example.com");
    assertThat(made.json().getString("refresh_token")).hasSize(40);
    assertThat(make("email=zoe%40example.com&no_password=true").status()).isEqualTo(201);

    for (String form :
        new String[] {
          "client_credentials&scope=customer%3Dann%40example.com",
          "password&username=ann%40example.com&password=long+enough"
        }) {
      var in = token(SHOWN + form);
      assertThat(in.status()).isEqualTo(200);
      assertThat(in.json().getString("scope")).isEqualTo("customer=ann@example.com");
      assertThat(as(in.json().getString("access_token"), "GET", "/v1/devices").send().text())
          .isEqualTo("[]");
    }
  }

  @Test
  void whoIsNoCustomerOrNoClientGetsNoToken() {
    client("full");
    assertThat(token(SHOWN + "client_credentials&scope=customer%3Dno%40example.com").json())
        .isEqualTo(
            new JsonObject()
                .put("error", "invalid_scope")
                .put("error_description", "There is no such customer"));
    assertThat(token(SHOWN + "password&username=no%40example.com&password=x").text())
        .contains("invalid_grant");
    assertThat(make("email=nothing&password=long+enough").status()).isEqualTo(400);
    assertThat(make("email=ann%40example.com").status()).isEqualTo(400);
    region.rows.product(78, "other", region.person);
    for (String path :
        new String[] {ALL, "/v1/products/78/customers", "/v1/products/1/customers"}) {
      String wrong = path.equals(ALL) ? "wrong" : FakePeople.SECRET;
      var reply =
          region
              .anonymous("POST", path)
              .form("client_id=made-1234&email=a%40b.c&no_password=true&client_secret=" + wrong);
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.json().getString("error")).isEqualTo("invalid_client");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"create_customer", "create_customer=thermo"})
  void aClientForCustomersAloneVouchesForNobody(String scope) {
    client(scope);
    assertThat(region.call("GET", "/v1/products/thermo/clients").send().text())
        .contains("\"scope\":\"create_customer\"");
    assertThat(make("email=ann%40example.com&password=long+enough").status()).isEqualTo(201);
    assertThat(token(SHOWN + "password&username=ann%40example.com&password=long+enough").status())
        .isEqualTo(200);
    for (String form :
        new String[] {
          "client_credentials", "client_credentials&scope=customer%3Dann%40example.com"
        }) {
      assertThat(token(SHOWN + form).json().getString("error")).isEqualTo("unauthorized_client");
    }
  }

  @Test
  void aCustomerHasHisOwnDevicesAndOthersLookLikeNone() {
    annAndBen();
    var list = as(ANN_TOKEN, "GET", "/v1/devices").send();
    assertThat(list.array()).hasSize(1);
    assertThat(list.array().getJsonObject(0).getString("owner")).isEqualTo(ANN);
    assertThat(list.text()).doesNotContain(Region.EMAIL);
    assertThat(as(BEN_TOKEN, "GET", "/v1/devices").send().text()).isEqualTo("[]");

    record Asked(String method, String path, String form) {}
    for (var asked :
        List.of(
            new Asked("GET", "", ""),
            new Asked("GET", "/temp", ""),
            new Asked("POST", "/led", "args=on"),
            new Asked("PUT", "/ping", ""),
            new Asked("PUT", "", "signal=1"),
            new Asked("PUT", "", "name=mine"))) {
      String mine = "/v1/devices/" + region.online + asked.path();
      assertThat(as(ANN_TOKEN, asked.method(), mine).form(asked.form()).status())
          .as("%s", asked)
          .isEqualTo(200);
      String absent = "/v1/devices/" + "f".repeat(24) + asked.path();
      var nothing = as(BEN_TOKEN, asked.method(), absent).form(asked.form());
      assertThat(nothing.status()).isEqualTo(403);
      for (var device : List.of(region.online, region.offline, region.foreign)) {
        String theirs = "/v1/devices/" + device + asked.path();
        var refused = as(BEN_TOKEN, asked.method(), theirs).form(asked.form());
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).as("%s", asked).isEqualTo(nothing.text());
      }
    }
    assertThat(as(ANN_TOKEN, "PUT", "/v1/devices/mine").form("notes=x").status()).isEqualTo(400);
  }

  @Test
  void aCustomersStreamsShowHisOwnDevicesSinceHeHasThem() {
    annAndBen();
    try (var anns = Listener.open(region, "/v1/devices/events", ANN_TOKEN);
        var bens = Listener.open(region, "/v1/events/t", BEN_TOKEN)) {
      region.show(region.offline, "temp", "another's");
      assertThat(region.call("POST", "/v1/devices/events").form("name=temp").status())
          .isEqualTo(200);
      region.show(region.online, "temp", "1");
      assertThat(Listener.data(anns.events(1).getFirst()).getString("data")).isEqualTo("1");

      // It changes hands, but what it said before that is not for its new customer.
      region.rows.held(region.online, id("ben@example.com"));
      region.rows.held(region.offline, id(ANN));
      caughtUp();
      var before = region.event(region.online, Region.PRODUCT, "temp", Buffer.buffer("before"));
      region.relay.show(
          List.of(before.publishedAt(Instant.parse("2025-12-31T00:00:00Z").toEpochMilli())));
      region.show(region.online, "temp", "2");
      region.show(region.offline, "temp", "3");
      assertThat(Listener.data(anns.events(1).getFirst()).getString("data")).isEqualTo("3");
      assertThat(Listener.data(bens.events(1).getFirst()).getString("data")).isEqualTo("2");
    }
    assertThat(as(ANN_TOKEN, "GET", "/v1/devices/kitchen/events").send().status()).isEqualTo(403);
  }

  @Test
  void aCustomersHistoryIsThatOfHisDeviceSinceHeHasIt() {
    annAndBen();
    var asked = new CopyOnWriteArrayList<Events>();
    Region.done(
        region.bus.serve(
            "history",
            HistoryRequest.class,
            request -> {
              asked.add((Events) request);
              return Future.succeededFuture(new EventsFound(Buffer.buffer(), null));
            }));
    for (String path :
        new String[] {
          "/v1/devices/kitchen/events/history", "/v1/events/history?device=kitchen&start=0"
        }) {
      assertThat(as(ANN_TOKEN, "GET", path).send().status()).isEqualTo(200);
      assertThat(as(BEN_TOKEN, "GET", path).send().status()).isEqualTo(403);
      var request = asked.removeLast();
      assertThat(request.account()).isEqualTo(region.person);
      assertThat(request.device()).isEqualTo(region.online);
      assertThat(request.startMillis())
          .isEqualTo(Instant.parse(FakeDirectory.CUSTOMER_SINCE).toEpochMilli());
    }
    assertThat(as(ANN_TOKEN, "GET", "/v1/events/history").send().status()).isEqualTo(400);
    assertThat(asked).isEmpty();
  }

  @Test
  void aLabelGivesADeviceAndAWrongOneIsLikeNoDevice() {
    annAndBen();
    var label = region.call("POST", "/v1/products/thermo/devices/attic/claim_secret").send();
    assertThat(label.status()).isEqualTo(201);
    assertThat(label.json().getString("qr"))
        .isEqualTo("starling:claim:" + region.offline + ":" + FakeServices.CLAIM_SECRET);
    var claim = new JsonObject().put("id", region.offline.toString()).put("claim_secret", "wrong");
    var wrong = as(BEN_TOKEN, "POST", "/v1/devices").json(claim);
    var absent = as(BEN_TOKEN, "POST", "/v1/devices").form("id=" + DeviceId.create());
    var taken = as(BEN_TOKEN, "POST", "/v1/devices").form("id=" + region.foreign);
    assertThat(wrong.status()).isEqualTo(404);
    assertThat(wrong.text()).isEqualTo(absent.text()).isEqualTo(taken.text());

    claim.put("claim_secret", FakeServices.CLAIM_SECRET);
    assertThat(as(BEN_TOKEN, "POST", "/v1/devices").json(claim).status()).isEqualTo(200);
    assertThat(as(BEN_TOKEN, "GET", "/v1/devices/attic").send().status()).isEqualTo(200);
    assertThat(as(ANN_TOKEN, "GET", "/v1/devices/attic").send().status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/device_claims", "/v1/products/thermo/device_claims"})
  void aCustomersClaimCodeComesWithHisOwnDevices(String path) {
    annAndBen();
    var code = as(ANN_TOKEN, "POST", path).send().json();
    assertThat(code.getString("claim_code")).hasSize(63);
    assertThat(code.getJsonArray("device_ids")).containsExactly(region.online.toString());
  }

  @Test
  void aProductShowsItsCustomersAndTheirDevices() {
    annAndBen();
    var ann = id(ANN);
    var listed = region.call("GET", ALL + "?customer_email=ANN").send().json();
    assertThat(listed.getJsonArray("customers"))
        .containsExactly(new JsonObject().put("id", ann.toString()).put("username", ANN));
    assertThat(listed.getJsonArray("devices")).hasSize(1);
    assertThat(region.call("GET", ALL + "?perPage=1&page=2").send().text())
        .contains("ben@example.com", "\"total_pages\":2")
        .doesNotContain(ANN);

    String devices = "/v1/products/thermo/devices";
    var all = region.call("GET", devices).send().json();
    assertThat(all.getJsonArray("customers").getJsonObject(0).getString("username")).isEqualTo(ANN);
    for (String query :
        new String[] {"?customer=Ann@example.com", "?customer=" + ANN + "&deviceName=kit"}) {
      var some = region.call("GET", devices + query).send().json().getJsonArray("devices");
      assertThat(some).hasSize(1);
      assertThat(some.getJsonObject(0).getString("customer_id")).isEqualTo(ann.toString());
    }
    assertThat(region.call("GET", devices + "?customer=nobody").send().text())
        .contains("\"devices\":[]");

    String owner = devices + "/kitchen/owner";
    assertThat(region.call("DELETE", owner).send().status()).isEqualTo(204);
    assertThat(as(ANN_TOKEN, "GET", "/v1/devices").send().text()).isEqualTo("[]");
  }

  @Test
  void aProductChangesAndDeletesItsCustomers() {
    annAndBen();
    client("full");
    String one = ALL + "/" + ANN;
    assertThat(region.call("PUT", one).form("password=long+enough").status()).isEqualTo(200);
    assertThat(region.call("PUT", one).form("").status()).isEqualTo(400);
    assertThat(region.call("DELETE", one).send().status()).isEqualTo(204);
    assertThat(region.call("DELETE", one).send().status()).isEqualTo(404);
    assertThat(region.call("PUT", one).form("password=long+enough").status()).isEqualTo(404);
    for (String email : new String[] {ANN, "ben@example.com"}) {
      var sent = region.anonymous("POST", ALL + "/reset_password").form(SHOWN + "&email=" + email);
      assertThat(sent.status()).isEqualTo(200);
      assertThat(sent.text()).contains("If a customer has this address");
    }
    assertThat(region.anonymous("POST", ALL + "/reset_password").form("email=" + ANN).status())
        .isEqualTo(400);
  }

  @Test
  void theOwnerOfADeviceIsAskedForItAndAnswers() {
    var asked =
        region
            .call("POST", "/v1/devices")
            .json(
                new JsonObject()
                    .put("id", region.foreign.toString())
                    .put("request_transfer", true));
    assertThat(asked.status()).isEqualTo(200);
    assertThat(asked.json().getString("transfer_id")).isEqualTo(FakeServices.TRANSFER);

    String all = "/v1/devices/transfers";
    var listed = region.call("GET", all).send().json().getJsonArray("transfers").getJsonObject(0);
    assertThat(listed.getString("direction")).isEqualTo("incoming");
    assertThat(listed.getString("created_at")).isEqualTo("2026-01-02T03:04:05.678Z");
    assertThat(listed.getString("expires_at")).isEqualTo("2026-01-09T03:04:05.678Z");
    String one = all + "/" + FakeServices.TRANSFER;
    assertThat(region.call("PUT", one).form("action=accept").status()).isEqualTo(200);
    assertThat(region.call("PUT", one).form("action=keep").status()).isEqualTo(400);
    assertThat(region.call("PUT", all + "/x").form("action=accept").status()).isEqualTo(404);
    assertThat(region.call("DELETE", one).send().status()).isEqualTo(200);
    assertThat(region.call("DELETE", all + "/x").send().status()).isEqualTo(404);

    String link = "/v1/user/transfer/confirm";
    assertThat(region.anonymous("GET", "/account/transfer").send().text()).contains(link);
    assertThat(
            region.anonymous("POST", link).form("action=decline&token=" + FakePeople.LINK).text())
        .contains("stays yours");
    assertThat(region.anonymous("POST", link).form("action=accept&token=x").status())
        .isEqualTo(400);
  }
}
