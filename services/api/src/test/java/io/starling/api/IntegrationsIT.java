package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AttemptsReply;
import io.starling.contract.AttemptsReply.Attempt;
import io.starling.contract.AttemptsReply.Obstacle;
import io.starling.contract.AttemptsReply.Outcome;
import io.starling.contract.AttemptsReply.State;
import io.starling.contract.AttemptsRequest;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryRequest;
import io.starling.contract.IntegrationId;
import io.starling.contract.Origin;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntegrationsIT {
  /** Of nobody; good until 2126. */
  private static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIBiDCCAS+gAwIBAgIUE2h1jF1mNfeZhmO844w55ssQ61MwCgYIKoZIzj0EAwIw
      GTEXMBUGA1UEAwwOY2xpZW50LmludmFsaWQwIBcNMjYxMTIzMjE1MTMyWhgPMjEy
      NjEwMzAyMTUxMzJaMBkxFzAVBgNVBAMMDmNsaWVudC5pbnZhbGlkMFkwEwYHKoZI
      zj0CAQYIKoZIzj0DAQcDQgAEDjf+OH9l9BI/3SzDspXxuMv6E9Y0Nzf7tLUY5t6y
      P15kG3G0VqZ+6kznMmm1nlWp2Nr39HqWsYLjJomeMjTJcKNTMFEwHQYDVR0OBBYE
      FJ0gthvSXfZOfMcc5gb5rjL+a3ueMB8GA1UdIwQYMBaAFJ0gthvSXfZOfMcc5gb5
      rjL+a3ueMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgJBV7duRM
      UVMqG18glbkgSB0VO1DReNb4yjHqk8I5bmECIBGFaZYLpsBMk6ye8l3Q4Agh5Ewu
      jVc7KIE45UttmgCv
      -----END CERTIFICATE-----
      """;

  @RegisterExtension private final Region region = Region.start();

  private static JsonObject hook() {
    return new JsonObject().put("event", "temp").put("url", "https://example.com/{{x}}");
  }

  private Call.Reply create(String path, JsonObject hook) {
    return region.call("POST", path).json(hook);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/webhooks", "/v1/integrations"})
  void createsOne(String path) {
    var reply = create(path, hook().put("deviceId", region.online.toString()));

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json().fieldNames())
        .containsExactly(
            "ok",
            "id",
            "event",
            "name",
            "url",
            "integration_type",
            "created_at",
            "hookUrl",
            "noDefaults",
            "rejectUnauthorized");
    String id = reply.json().getString("id");
    assertThat(reply.json().getBoolean("ok")).isTrue();
    assertThat(reply.json().getString("hookUrl")).isEqualTo(region.url(path + "/" + id));
    for (String list : new String[] {"/v1/webhooks", "/v1/integrations"}) {
      var shown = region.call("GET", list).send().array().getJsonObject(0);
      assertThat(shown.getString("id")).isEqualTo(id);
      assertThat(shown.getString("integration_type")).isEqualTo("Webhook");
      assertThat(shown.getString("requestType")).isEqualTo("POST");
      assertThat(shown.getString("deviceID")).isEqualTo(region.online.toString());
      assertThat(shown.getString("created_at")).endsWith("Z");
      assertThat(shown.containsKey("deviceId")).isFalse();
    }
  }

  @Test
  void takesAForm() {
    var reply =
        region
            .call("POST", "/v1/webhooks")
            .form("event=a%2Fb&url=https%3A%2F%2Fexample.com&noDefaults=true");

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json().getString("event")).isEqualTo("a/b");
    assertThat(reply.json().getValue("noDefaults")).isEqualTo(true);
  }

  @Test
  void showsOneUnderTheNameOfItsPath() {
    String id = create("/v1/webhooks", hook()).json().getString("id");

    var webhook = region.call("GET", "/v1/webhooks/" + id).send().json().getJsonObject("webhook");
    var integration =
        region.call("GET", "/v1/integrations/" + id).send().json().getJsonObject("integration");

    assertThat(webhook).isEqualTo(integration);
    assertThat(webhook.fieldNames()).contains("logs", "errors", "counters", "event", "url");
  }

  @Test
  void saysWhatIsWrongWithAConfiguration() {
    var reply = create("/v1/integrations", new JsonObject().put("event", "a"));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).isEqualTo("{\"ok\":false,\"error\":\"url is required\"}");
  }

  @Test
  void replacesTheWholeConfiguration() {
    String id = create("/v1/integrations", hook().put("name", "old")).json().getString("id");

    var reply =
        region
            .call("PUT", "/v1/integrations/" + id)
            .json(hook().put("event", "other").put("disabled", true));

    assertThat(reply.status()).isEqualTo(200);
    var shown = region.call("GET", "/v1/integrations").send().array().getJsonObject(0);
    assertThat(shown.getString("event")).isEqualTo("other");
    assertThat(shown.getString("name")).isEqualTo("other");
    assertThat(shown.getBoolean("disabled")).isTrue();
  }

  @Test
  void showsNoSecretsAndKeepsThemWhenWhatWasShownIsSaved() {
    var headers = new JsonObject().put("X-Api-Key", "s3cret").put("X-Kind", "plain");
    var auth = new JsonObject().put("username", "u").put("password", "p4ss");
    String id =
        create("/v1/integrations", hook().put("headers", headers).put("auth", auth))
            .json()
            .getString("id");

    var shown = region.call("GET", "/v1/integrations").send().array().getJsonObject(0);
    assertThat(shown.encode()).doesNotContain("s3cret", "p4ss").contains("plain");
    var saved = region.call("PUT", "/v1/integrations/" + id).json(shown.put("name", "new"));
    assertThat(saved.status()).isEqualTo(200);
    assertThat(saved.text()).doesNotContain("s3cret", "p4ss");
    var kept = region.directory.integration(IntegrationId.of(id)).orElseThrow().configuration();
    assertThat(kept.getJsonObject("headers")).isEqualTo(headers);
    assertThat(kept.getJsonObject("auth")).isEqualTo(auth);
    assertThat(kept.getString("name")).isEqualTo("new");
  }

  @Test
  void showsNeitherKeysNorClientSecretsAndSendsThemNowhereElse() {
    var tls =
        new JsonObject().put("certificate", CERTIFICATE).put("key", "-----BEGIN PRIVATE KEY-----");
    var oauth2 =
        new JsonObject()
            .put("tokenUrl", "https://auth.example/token")
            .put("clientId", "me")
            .put("clientSecret", "s3cret");
    String one =
        "/v1/integrations/"
            + create("/v1/integrations", hook().put("tls", tls).put("oauth2", oauth2))
                .json()
                .getString("id");

    var shown = region.call("GET", one).send().json().getJsonObject("integration");
    assertThat(shown.encode()).doesNotContain("PRIVATE", "s3cret").contains("BEGIN CERTIFICATE");
    assertThat(shown.getJsonObject("tls").getString("expires_at")).endsWith("Z");
    assertThat(region.call("PUT", one).json(shown).status()).isEqualTo(200);
    assertThat(kept(one).getJsonObject("tls")).isEqualTo(tls);
    assertThat(kept(one).getJsonObject("oauth2")).isEqualTo(oauth2);
    shown.getJsonObject("oauth2").put("tokenUrl", "https://thief.example/token");
    assertThat(region.call("PUT", one).json(shown).text()).doesNotContain("s3cret");
    assertThat(kept(one).getJsonObject("oauth2").containsKey("clientSecret")).isFalse();
  }

  private JsonObject kept(String path) {
    String id = path.substring(path.lastIndexOf('/') + 1);
    return region.directory.integration(IntegrationId.of(id)).orElseThrow().configuration();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/webhooks",
        "/v1/integrations",
        "/v1/products/77/webhooks",
        "/v1/products/77/integrations",
        "/v1/orgs/acme/integrations"
      })
  void testsOneAndTellsWhatBecameOfIt(String path) {
    acme();
    String id = create(path, hook()).json().getString("id");

    var reply = region.call("POST", path + "/" + id + "/test").send();
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json())
        .isEqualTo(
            new JsonObject()
                .put("ok", false)
                .put("outcome", "refused")
                .put("status", 404)
                .put("error", "endpoint answered 404"));
    assertThat(region.call("POST", path + "/" + "f".repeat(24) + "/test").send().status())
        .isEqualTo(404);
  }

  private void acme() {
    var _ = region.services.organizations.make(region.person, "acme");
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
  }

  @Test
  void thoseOfAnOrganizationAreItsOwn() {
    acme();
    String all = "/v1/orgs/acme/integrations";
    String id = create(all, hook()).json().getString("id");
    String one = all + "/" + id;

    assertThat(region.call("GET", "/v1/integrations").send().text()).isEqualTo("[]");
    assertThat(region.call("GET", all).send().array()).hasSize(1);
    assertThat(region.call("PUT", one).json(hook().put("name", "new")).status()).isEqualTo(200);
    var shown = region.call("GET", one).send().json().getJsonObject("integration");
    assertThat(shown.getString("name")).isEqualTo("new");
    assertThat(region.call("GET", "/v1/integrations/" + id).send().status()).isEqualTo(404);
    assertThat(region.call("DELETE", one).send().status()).isEqualTo(200);
  }

  @Test
  void deletesOne() {
    String id = create("/v1/webhooks", hook()).json().getString("id");

    assertThat(region.call("DELETE", "/v1/webhooks/" + id).send().text())
        .isEqualTo("{\"ok\":true}");
    assertThat(region.call("GET", "/v1/webhooks").send().text()).isEqualTo("[]");
    assertThat(region.call("DELETE", "/v1/webhooks/" + id).send().text())
        .isEqualTo("{\"ok\":false,\"error\":\"Webhook not found\"}");
  }

  @Test
  void answersTheSameAboutForeignAndAboutAbsentOnes() {
    String id = create("/v1/webhooks", hook()).json().getString("id");

    for (String method : new String[] {"GET", "PUT", "DELETE"}) {
      var foreign =
          region
              .anonymous(method, "/v1/webhooks/" + id)
              .header("Authorization", "Bearer " + Region.OTHER_TOKEN)
              .json(hook());
      var absent = region.call(method, "/v1/webhooks/" + "f".repeat(24)).json(hook());
      assertThat(foreign.status()).isEqualTo(404);
      assertThat(foreign.text()).isEqualTo(absent.text());
    }
  }

  @Test
  void belongsToTheProductThatItIsMadeBelow() {
    String own = create("/v1/webhooks", hook()).json().getString("id");
    String products =
        create("/v1/products/thermo/integrations", hook().put("productId", 1))
            .json()
            .getString("id");

    var shown = region.call("GET", "/v1/products/77/webhooks").send().array();
    assertThat(shown).hasSize(1);
    assertThat(shown.getJsonObject(0).getString("id")).isEqualTo(products);
    assertThat(shown.getJsonObject(0).getInteger("productID")).isEqualTo(77);
    assertThat(region.call("GET", "/v1/products/77/webhooks/" + own).send().status())
        .isEqualTo(404);
    assertThat(region.call("DELETE", "/v1/products/77/webhooks/" + products).send().status())
        .isEqualTo(200);
  }

  @Test
  void keepsNoTokenInAConfiguration() {
    var reply =
        region.anonymous("POST", "/v1/webhooks").json(hook().put("access_token", Region.TOKEN));

    assertThat(reply.status()).isEqualTo(201);
    assertThat(region.call("GET", "/v1/webhooks").send().text()).doesNotContain(Region.TOKEN);
  }

  private static Attempt attempt(Outcome outcome, Buffer answer) {
    boolean taken = outcome == Outcome.DELIVERED;
    return new Attempt(
        1_767_323_045_678L,
        "0123456789abcdef01234567-1a-2",
        "temp",
        DeviceId.of("0123456789abcdef01234567"),
        "0123456789abcdef01234567-1a-2-ff",
        3,
        outcome,
        taken ? 200 : 0,
        taken ? "" : "error no answer in time",
        "example.com",
        "POST",
        new AttemptsReply.Split(1, 2, 3, 4, 5),
        answer);
  }

  @Test
  void showsWhatIsInTheLog() {
    String id = create("/v1/integrations", hook()).json().getString("id");
    var taken = attempt(Outcome.DELIVERED, Buffer.buffer("né"));
    var late = attempt(Outcome.UNAVAILABLE, Buffer.buffer(new byte[] {(byte) 0xff}));
    var hour = new AttemptsReply.Hour(1_767_322_800_000L, 7, 1, 2, 3);
    region.services.attempts =
        _ -> new AttemptsReply.OverviewFound(List.of(taken, late), List.of(late), List.of(hour));

    var shown =
        region.call("GET", "/v1/integrations/" + id).send().json().getJsonObject("integration");
    var first = shown.getJsonArray("logs").getJsonObject(0);
    assertThat(first.getString("at")).isEqualTo("2026-01-02T03:04:05.678Z");
    assertThat(first.getString("outcome")).isEqualTo("delivered");
    assertThat(first.getString("response")).isEqualTo("né");
    assertThat(first.getJsonObject("timing").getInteger("first_byte")).isEqualTo(4);
    var error = shown.getJsonArray("errors").getJsonObject(0);
    assertThat(error.getString("error")).isEqualTo("error no answer in time");
    assertThat(error.getValue("status")).isNull();
    assertThat(error.getString("response_base64")).isEqualTo("/w==");
    assertThat(shown.getJsonArray("counters").getJsonObject(0).getLong("sent")).isEqualTo(7);

    region.services.databaseDown = true;
    var without = region.call("GET", "/v1/webhooks/" + id).send();
    assertThat(without.status()).isEqualTo(200);
    for (String part : new String[] {"logs", "errors", "counters"}) {
      assertThat(without.json().getJsonObject("webhook").getJsonArray(part)).isEmpty();
    }
  }

  @Test
  void pagesThroughAttempts() {
    String id = create("/v1/integrations", hook()).json().getString("id");
    String path = "/v1/integrations/" + id + "/attempts";
    var asked = new ArrayList<AttemptsRequest>();
    var taken = attempt(Outcome.DELIVERED, Buffer.buffer());
    region.services.attempts =
        request -> {
          asked.add(request);
          return new AttemptsReply.PageFound(List.of(taken), "1-2");
        };

    var reply =
        region
            .call(
                "GET",
                path
                    + "?from=2026-01-02T03:04:05Z&to=1795000000000&outcome=delivered&cursor=1-3&per_page=7"
                    + "&device=0123456789abcdef01234567&event=0123456789abcdef01234567-1a-2")
            .send();
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().getString("next")).isEqualTo("1-2");
    assertThat(reply.json().getJsonArray("attempts")).hasSize(1);
    assertThat(asked)
        .containsExactly(
            new AttemptsRequest.Page(
                region.person,
                IntegrationId.of(id),
                1_767_323_045_000L,
                1_795_000_000_000L,
                List.of(Outcome.DELIVERED),
                DeviceId.of("0123456789abcdef01234567"),
                "0123456789abcdef01234567-1a-2",
                "1-3",
                7));
    for (String wrong :
        new String[] {
          "from=soon",
          "from=2&to=1",
          "outcome=lost",
          "device=mine",
          "event=1",
          "per_page=0",
          "per_page=101",
          "cursor=" + "1".repeat(65)
        }) {
      assertThat(region.call("GET", path + "?" + wrong).send().status()).isEqualTo(400);
    }
    assertThat(
            region.call("GET", "/v1/integrations/" + "f".repeat(24) + "/attempts").send().status())
        .isEqualTo(404);
    region.services.databaseDown = true;
    var down = region.call("GET", path).send();
    assertThat(down.status()).isEqualTo(503);
    assertThat(down.header("Retry-After")).hasValue("3");
  }

  private Event event(long epoch, long sequence, long atMillis) {
    return new Event(
        new EventId(region.online, epoch, sequence),
        Origin.DEVICE,
        region.person,
        0,
        "temp",
        Buffer.buffer("x"),
        EventClass.NORMAL,
        atMillis);
  }

  /** A history that answers as relays do, as far as it is asked here. */
  private void relaysHave(List<Event> events) {
    Region.done(
        region.bus.serve(
            "history",
            HistoryRequest.class,
            request -> {
              var asked = (HistoryRequest.Events) request;
              var batch = Buffer.buffer();
              events.stream()
                  .filter(event -> event.account().equals(asked.account()))
                  .filter(event -> event.publishedAtMillis() >= asked.startMillis())
                  .filter(event -> event.publishedAtMillis() < asked.endMillis())
                  .limit(asked.limit())
                  .forEach(event -> EventBatch.write(batch, event));
              return Future.succeededFuture(new HistoryReply.EventsFound(batch, null));
            }));
  }

  @Test
  void tracesAnEventByItsId() {
    var id = IntegrationId.of(create("/v1/integrations", hook()).json().getString("id"));
    long began = System.currentTimeMillis() - Duration.ofDays(3).toMillis();
    var events = new ArrayList<Event>();
    for (int i = 1; i <= 2_000; i++) {
      // Two sessions, and many events of one moment.
      long epoch = (began + (i <= 1_000 ? 0 : 100_000_000)) << 16;
      events.add(event(epoch, i, began + i * 60_000L / 7 * 7 + (i > 1_000 ? 100_000_000 : 0)));
    }
    relaysHave(events);
    region.services.attempts =
        request -> {
          var traced = EventBatch.decode(((AttemptsRequest.Trace) request).event()).getFirst();
          var fate =
              new AttemptsReply.Fate(
                  id, Obstacle.FILTER, "filter: " + traced.id(), State.NONE, List.of());
          return new AttemptsReply.Traced(List.of(fate));
        };

    for (int i : new int[] {0, 1, 49, 50, 777, 999, 1_000, 1_500, 1_999}) {
      var wanted = events.get(i);
      var reply = region.call("GET", "/v1/integrations/trace/" + wanted.id()).send();
      assertThat(reply.status()).as("event %s", i).isEqualTo(200);
      assertThat(reply.json().getJsonObject("event").getString("id"))
          .isEqualTo(wanted.id().toString());
      var fate = reply.json().getJsonArray("integrations").getJsonObject(0);
      assertThat(fate.getString("reason")).isEqualTo("filter");
      assertThat(fate.getString("detail")).isEqualTo("filter: " + wanted.id());
      assertThat(fate.getBoolean("matched")).isFalse();
    }
    var last = events.getLast();
    String hinted = "/v1/integrations/trace/" + last.id() + "?published_at=";
    assertThat(region.call("GET", hinted + last.publishedAtMillis()).send().status())
        .isEqualTo(200);
    assertThat(region.call("GET", hinted + "1000").send().status()).isEqualTo(404);
    assertThat(region.call("GET", hinted + "soon").send().status()).isEqualTo(400);
    var unknown = new EventId(region.online, last.id().epoch(), 5_000);
    for (Object absent : new Object[] {unknown, "nonsense"}) {
      assertThat(region.call("GET", "/v1/integrations/trace/" + absent).send().text())
          .isEqualTo("{\"ok\":false,\"error\":\"Event not found\"}");
    }
    // Those below a product are those that name it.
    var below = region.call("GET", "/v1/products/77/integrations/trace/" + last.id()).send();
    assertThat(below.json().getJsonArray("integrations")).isEmpty();
    region.services.databaseDown = true;
    assertThat(region.call("GET", "/v1/integrations/trace/" + last.id()).send().status())
        .isEqualTo(503);
  }
}
