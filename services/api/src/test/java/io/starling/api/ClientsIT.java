package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.directory.Secrets;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientsIT {
  private static final JsonObject INSTALLED =
      new JsonObject().put("name", "made").put("type", "installed");
  private static final String SHOWN =
      "client_id=made-1234&client_secret=" + FakePeople.SECRET + "&grant_type=";

  @RegisterExtension final Region region = Region.start();

  private Call.Reply token(String fields) {
    return region.anonymous("POST", "/oauth/token").form(fields);
  }

  private void make(String where) {
    var made = region.call("POST", where).json(INSTALLED);
    assertThat(made.status()).isEqualTo(200);
    assertThat(made.json().getJsonObject("client").getString("secret"))
        .isEqualTo(FakePeople.SECRET);
  }

  /** A token of the product's client. */
  private String productToken() {
    make("/v1/products/thermo/clients");
    var reply = token(SHOWN + "client_credentials");
    assertThat(reply.status()).isEqualTo(200);
    return reply.json().getString("access_token");
  }

  @ParameterizedTest
  @CsvSource({"/v1/clients", "/v1/products/thermo/clients"})
  void makesListsRenamesAndDeletes(String where) {
    make(where);
    var listed = region.call("GET", where).send();
    assertThat(listed.json().getJsonArray("clients")).hasSize(1);
    assertThat(listed.text()).doesNotContain("secret").contains("\"id\":\"made-1234\"");
    String other = where.equals("/v1/clients") ? "/v1/products/77/clients" : "/v1/clients";
    assertThat(region.call("GET", other).send().json().getJsonArray("clients")).isEmpty();

    var renamed = new JsonObject().put("name", "other");
    assertThat(region.call("PUT", where + "/made-1234").json(renamed).text())
        .contains("\"name\":\"other\"");
    assertThat(region.call("PUT", where + "/unknown").json(renamed).status()).isEqualTo(404);
    assertThat(region.call("DELETE", where + "/made-1234").send().status()).isEqualTo(204);
    assertThat(region.call("DELETE", where + "/unknown").send().status()).isEqualTo(404);
    assertThat(token(SHOWN + "client_credentials").json().getString("error"))
        .isEqualTo("invalid_client");
  }

  @ParameterizedTest
  @CsvSource({
    "{\"type\":\"installed\"}",
    "{\"name\":\"n\";\"type\":\"odd\"}",
    "{\"name\":\"n\";\"type\":\"web\"}",
    "{\"name\":\"n\";\"type\":\"web\";\"redirect_uri\":\"javascript:alert(1)\"}",
    "{\"name\":\"n\";\"type\":\"web\";\"redirect_uri\":\"https://a.b/#c\"}",
    "{\"name\":\"n\";\"scope\":\"create_customer\"}",
    "{\"name\":\"elpmaxe \\u202e\";\"type\":\"installed\"}",
    "{\"name\":\"n\\r\\nm\";\"type\":\"installed\"}"
  })
  void refusesWhatMakesNoClient(String body) {
    var fields = new JsonObject(body.replace(';', ','));
    assertThat(region.call("POST", "/v1/clients").json(fields).status()).isEqualTo(400);
  }

  @Test
  void aStrangersProductHasNoClients() {
    for (String method : new String[] {"GET", "POST"}) {
      var reply =
          region
              .anonymous(method, "/v1/products/thermo/clients")
              .header("Authorization", "Bearer " + Region.OTHER_TOKEN)
              .json(INSTALLED);
      assertThat(reply.status()).isEqualTo(404);
    }
  }

  @Test
  void peopleLogInByAClientOfSomebodyWhoShowsItsSecret() {
    make("/v1/clients");
    String person = "password&username=ada%40example.com&password=correct+horse";
    assertThat(token(SHOWN + person).status()).isEqualTo(200);
    assertThat(token((SHOWN + person).replace("ffff&", "fff0&")).json().getString("error"))
        .isEqualTo("invalid_client");
    assertThat(token(SHOWN + "client_credentials").json().getString("error"))
        .isEqualTo("unauthorized_client");
  }

  @Test
  void aProductsClientLogsNoPersonIn() {
    make("/v1/products/thermo/clients");
    String person = "&username=ada%40example.com&password=correct+horse";
    assertThat(token(SHOWN + "password" + person).json().getString("error"))
        .isEqualTo("invalid_grant");
    assertThat(token(SHOWN + "urn:custom:mfa-otp" + person).json().getString("error"))
        .isEqualTo("unauthorized_client");
    assertThat(token(SHOWN + "client_credentials&scope=customer=a@b.c").json().getString("error"))
        .isEqualTo("invalid_scope");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/products/thermo, 200",
    "GET, /v1/products/77/devices, 200",
    "GET, /v1/products/77/devices/kitchen, 200",
    "GET, /v1/products/77/integrations, 200",
    "GET, /v1/access_tokens/current, 200",
    "GET, /v1/products/78/devices, 404",
    "GET, /v1/products/unknown/devices, 404",
    "PUT, /v1/products/77, 403",
    "POST, /v1/products/77/devices, 403",
    "GET, /v1/products/77/clients, 403",
    "POST, /v1/products/77/clients, 403",
    "GET, /v1/products/77/permissions, 403",
    "GET, /v1/products, 403",
    "GET, /v1/devices, 403",
    "GET, /v1/devices/kitchen, 403",
    "POST, /v1/devices/events, 403",
    "GET, /v1/devices/events/x, 403",
    "GET, /v1/integrations, 403",
    "GET, /v1/user, 403",
    "DELETE, /v1/user, 403",
    "GET, /v1/user/mfa-enable, 403",
    "DELETE, /v1/access_tokens, 403"
  })
  void aProductsClientReachesItsProductAndNothingElse(String method, String path, int status) {
    region.rows.product(78, "another", region.person);
    String token = productToken();
    var reply = region.anonymous(method, path).header("Authorization", "Bearer " + token).send();

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.text()).doesNotContainIgnoringCase("access token");
  }

  @Test
  void theTokenOfAProductIsNoneForTheGateway() {
    String hash = Secrets.hash(productToken());
    assertThat(region.directory.tokenEvenLimited(hash)).isPresent();
    assertThat(region.directory.token(hash)).isEmpty();
  }
}
