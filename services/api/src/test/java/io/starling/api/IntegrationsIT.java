package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.IntegrationId;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
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
}
