package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.bootstrap.bus.TokenUses;
import io.starling.directory.Secrets;
import io.starling.http.Endpoints;
import io.starling.http.Patience;
import io.starling.http.TokenCheck;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens that people grant to clients and devices, over HTTP. */
class ConsentIT {
  // The example of RFC 7636, appendix B.
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  private static final String BACK = "https://app.example/back?to=1";
  private static final String SECRET = "e".repeat(40);
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"(\\w+)\" value=\"([^\"]*)\">");

  @RegisterExtension final Region region = Region.start();

  @BeforeEach
  void clients() {
    client("app-1", 0, "web", BACK);
    client("thief-1", 0, "web", "https://thief.example/");
    client("tool-1", 0, "installed", "http://127.0.0.1/back");
    client("shop-1", Region.PRODUCT, "web", "https://shop.example/");
    Region.done(region.directory.reached(region.rows.end(), java.time.Duration.ofSeconds(30)));
  }

  private void client(String id, int product, String type, String uri) {
    region.rows.client(id, region.person, product, "<b>App</b> & 'Co'", SECRET);
    region.rows.redirect(id, type, uri);
  }

  private static Map<String, String> asked(String client, String uri) {
    var asked = new LinkedHashMap<String, String>();
    asked.put("response_type", "code");
    asked.put("client_id", client);
    asked.put("redirect_uri", uri);
    asked.put("state", "a&b \"c\"");
    asked.put("scope", "devices:list");
    asked.put("code_challenge", CHALLENGE);
    asked.put("code_challenge_method", "S256");
    return asked;
  }

  private static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private Call.Reply page(Map<String, String> asked) {
    return region.anonymous("GET", "/oauth/authorize?" + encoded(asked)).send();
  }

  /** What a browser sends from a page. */
  private Call.Reply submit(Call.Reply page, String path, Map<String, String> typed) {
    var fields = new LinkedHashMap<String, String>();
    var hidden = HIDDEN.matcher(page.text());
    while (hidden.find()) {
      fields.put(hidden.group(1), plain(hidden.group(2)));
    }
    fields.putAll(typed);
    return region.anonymous("POST", path).form(encoded(fields));
  }

  private static String plain(String html) {
    return html.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }

  private static Map<String, String> typed(String password) {
    return Map.of("username", Region.EMAIL, "password", password);
  }

  private static String parameter(String uri, String name) {
    var found = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(uri);
    return found.find() ? URLDecoder.decode(found.group(1), StandardCharsets.UTF_8) : "";
  }

  private String location(Call.Reply reply) {
    return reply.header("Location").orElseThrow();
  }

  private String granted(String client, String uri) {
    var sent = submit(page(asked(client, uri)), "/oauth/authorize", typed(Region.PASSWORD));
    assertThat(sent.status()).isEqualTo(303);
    return parameter(location(sent), "code");
  }

  private Call.Reply exchange(String client, String code, String uri) {
    return region.anonymous("POST", "/oauth/token").form(exchangeFields(client, code, uri));
  }

  private static String exchangeFields(String client, String code, String uri) {
    return encoded(
            Map.of(
                "grant_type", "authorization_code",
                "code", code,
                "redirect_uri", uri,
                "code_verifier", VERIFIER))
        + client;
  }

  private static String shown(String id) {
    return "&client_id=" + id + "&client_secret=" + SECRET;
  }

  @Test
  void aPersonGrantsAClientATokenThatIsLimitedToWhatWasAsked() {
    var page = page(asked("app-1", BACK));
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text()).contains("devices:list", "app.example").doesNotContain("everything");

    var sent = submit(page, "/oauth/authorize", typed(Region.PASSWORD));
    assertThat(sent.status()).isEqualTo(303);
    assertThat(location(sent)).startsWith(BACK + "&code=");
    assertThat(parameter(location(sent), "state")).isEqualTo("a&b \"c\"");
    assertThat(parameter(location(sent), "iss")).isEqualTo(region.url(""));

    var reply = exchange(shown("app-1"), parameter(location(sent), "code"), BACK);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().fieldNames())
        .containsExactly("token_type", "access_token", "expires_in", "refresh_token", "scope");
    assertThat(reply.json().getString("scope")).isEqualTo("devices:list");
    assertThat(reply.json().getLong("expires_in")).isEqualTo(7_776_000);
    String token = reply.json().getString("access_token");
    assertThat(status("/v1/devices", token)).isEqualTo(200);
    assertThat(status("/v1/user", token)).isEqualTo(403);
  }

  private int status(String path, String token) {
    return region.anonymous("GET", path).header("Authorization", "Bearer " + token).send().status();
  }

  @Test
  void aCodeIsOfNoUseToAnotherClientOrWithoutWhatBelongsToIt() {
    String invalid = "{\"error\":\"invalid_grant\",\"error_description\":\"The code is invalid\"}";
    assertThat(exchange(shown("thief-1"), granted("app-1", BACK), BACK).text()).isEqualTo(invalid);
    var elsewhere = exchange(shown("app-1"), granted("app-1", BACK), "https://app.example/");
    assertThat(elsewhere.text()).isEqualTo(invalid);
    assertThat(exchange(shown("shop-1"), granted("app-1", BACK), BACK).json().getString("error"))
        .isEqualTo("unauthorized_client");
    String right = exchangeFields(shown("app-1"), granted("app-1", BACK), BACK);
    for (String missing : new String[] {"code", "redirect_uri", "code_verifier"}) {
      var reply =
          region
              .anonymous("POST", "/oauth/token")
              .form(right.replaceAll("\\b" + missing + "=[^&]*", ""));
      assertThat(reply.json().getString("error")).isEqualTo("invalid_request");
    }
    for (String lifetime : new String[] {"0", "-1", "x"}) {
      var reply = region.anonymous("POST", "/oauth/token").form(right + "&expires_in=" + lifetime);
      assertThat(reply.json().getString("error")).isEqualTo("invalid_request");
    }
    var shorter = region.anonymous("POST", "/oauth/token").form(right + "&expires_in=60");
    assertThat(shorter.json().getLong("expires_in")).isEqualTo(60);
  }

  @Test
  void aClientThatHasASecretToKeepShowsItAndOneThatHasNoneNeedNot() {
    String loopback = "http://127.0.0.1:51004/back";
    var kept = exchange("&client_id=app-1", granted("app-1", BACK), BACK);
    assertThat(kept.status()).isEqualTo(400);
    assertThat(kept.json().getString("error")).isEqualTo("invalid_client");
    String code = granted("tool-1", loopback);
    assertThat(exchange("&client_id=tool-1", code, loopback).status()).isEqualTo(200);
    assertThat(exchange("&client_id=tool-1&client_secret=x", code, loopback).status())
        .isEqualTo(400);
    String password = "grant_type=password&client_id=tool-1&" + encoded(typed(Region.PASSWORD));
    assertThat(region.anonymous("POST", "/oauth/token").form(password).json().getString("error"))
        .isEqualTo("invalid_client");

    var basic =
        region
            .anonymous("POST", "/oauth/token")
            .header("Authorization", "Basic " + base64("app-1:wrong"))
            .form(exchangeFields("&client_id=app-1", granted("app-1", BACK), BACK));
    assertThat(basic.status()).isEqualTo(401);
    assertThat(basic.header("WWW-Authenticate")).hasValue("Basic realm=\"Starling\"");
    var right =
        region
            .anonymous("POST", "/oauth/token")
            .header("Authorization", "Basic " + base64("app-1:" + SECRET))
            .form(exchangeFields("&client_id=app-1", granted("app-1", BACK), BACK));
    assertThat(right.status()).isEqualTo(200);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "unknown, https://app.example/back?to=1",
    "particle, https://app.example/back?to=1",
    "app-1, https://app.example/back",
    "app-1, https://app.example/back?to=1&x",
    "app-1, https://app.example.thief.example/back?to=1",
    "app-1, https://app.example@thief.example/back?to=1",
    "app-1, https://app.example:444/back?to=1",
    "app-1, http://app.example/back?to=1",
    "app-1, https://APP.example/back?to=1",
    "app-1, https://app.example/back?to=1#x",
    "app-1, javascript:alert(1)",
    "app-1, ''",
    "tool-1, http://127.0.0.1:99/other",
    "tool-1, http://localhost/back",
    "tool-1, https://127.0.0.1/back",
    "tool-1, http://127.0.0.1.thief.example/back"
  })
  void nothingIsSentToAnAddressThatIsNotTheClients(String client, String uri) {
    for (String type : new String[] {"code", "token"}) {
      var asked = asked(client, uri);
      asked.put("response_type", type);
      var page = page(asked);
      assertThat(page.status()).isEqualTo(400);
      assertThat(page.header("Location")).isEmpty();
      asked.putAll(typed(Region.PASSWORD));
      var sent = region.anonymous("POST", "/oauth/authorize").form(encoded(asked));
      assertThat(sent.status()).isEqualTo(400);
      assertThat(sent.header("Location")).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "response_type, token, unsupported_response_type",
    "response_type, '', invalid_request",
    "code_challenge, '', invalid_request",
    "code_challenge, short, invalid_request",
    "code_challenge_method, plain, invalid_request",
    "code_challenge_method, '', invalid_request",
    "scope, everything, invalid_scope",
    "client_id, shop-1, unauthorized_client"
  })
  void otherMistakesAreToldToTheClient(String name, String value, String error) {
    String back = name.equals("client_id") ? "https://shop.example/" : BACK;
    var asked = asked("app-1", back);
    asked.put(name, value);
    for (var reply :
        List.of(page(asked), region.anonymous("POST", "/oauth/authorize").form(encoded(asked)))) {
      assertThat(reply.status()).isEqualTo(302);
      assertThat(location(reply)).startsWith(back);
      assertThat(parameter(location(reply), "error")).isEqualTo(error);
      assertThat(parameter(location(reply), "state")).isEqualTo("a&b \"c\"");
      assertThat(parameter(location(reply), "iss")).isEqualTo(region.url(""));
      assertThat(parameter(location(reply), "code")).isEmpty();
    }
  }

  @Test
  void whoDoesNotAllowItLeavesByALinkThatTellsTheClient() {
    var link = Pattern.compile("<a href=\"([^\"]+)\">Do not allow").matcher(text());
    assertThat(link.find()).isTrue();
    String uri = plain(link.group(1));
    assertThat(uri).startsWith(BACK + "&error=access_denied&state=");
    assertThat(parameter(uri, "state")).isEqualTo("a&b \"c\"");
  }

  private String text() {
    return page(asked("app-1", BACK)).text();
  }

  @Test
  void thePageRunsNothingLoadsNothingAndStandsInNoFrame() {
    var page = page(asked("app-1", BACK));
    assertThat(page.header("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; style-src 'sha256-")
        .endsWith("frame-ancestors 'none'; form-action 'self' https://app.example")
        .containsPattern("; script-src 'sha256-[^ ;]+'; connect-src 'self'; ")
        .doesNotContain("unsafe");
    assertThat(page.header("X-Frame-Options")).hasValue("DENY");
    assertThat(page.header("Referrer-Policy")).hasValue("same-origin");
    assertThat(page.header("Cache-Control")).hasValue("no-store");
    assertThat(page.header("Set-Cookie")).isEmpty();
    assertThat(page.text())
        .contains("&lt;b&gt;App&lt;/b&gt; &amp; &#39;Co&#39;")
        .contains("id=\"passkey\" hidden>")
        .doesNotContain("<script ", "src=", "<b>", "onclick", "\"a&b \"c\"");
    var everything = asked("app-1", BACK);
    everything.remove("scope");
    assertThat(page(everything).text()).contains("everything that your account may do");
  }

  @Test
  void whoDoesNotShowWhoItIsIsAskedAgain() {
    var wrong = submit(page(asked("app-1", BACK)), "/oauth/authorize", typed("wr\"ong"));
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.header("Location")).isEmpty();
    assertThat(wrong.text()).contains("is wrong", "ada@example.com").doesNotContain("wr\"ong");
    assertThat(wrong.text()).doesNotContain("wr&quot;ong");
    var locked = Map.of("username", "locked@example.com", "password", "x");
    var later = submit(wrong, "/oauth/authorize", locked);
    assertThat(later.status()).isEqualTo(429);
    assertThat(later.header("Retry-After")).hasValue("1800");

    var enrol = region.call("POST", "/v1/user/mfa-enable");
    assertThat(enrol.form("mfa_token=" + FakePeople.MFA_TOKEN + "&otp=123456").status())
        .isEqualTo(200);
    var needed = submit(wrong, "/oauth/authorize", typed(Region.PASSWORD));
    assertThat(needed.status()).isEqualTo(403);
    assertThat(needed.text()).contains("needs a one-time password");
    var typed = new LinkedHashMap<>(typed(Region.PASSWORD));
    typed.put("otp", "000000");
    assertThat(submit(needed, "/oauth/authorize", typed).status()).isEqualTo(401);
    typed.put("otp", FakePeople.OTP);
    assertThat(submit(needed, "/oauth/authorize", typed).status()).isEqualTo(303);
  }

  @Test
  void aPasskeyGivesATicketThatTheFormCarries() {
    assertThat(region.anonymous("POST", "/oauth/passkey/options").send().text())
        .isEqualTo(FakePasskeys.OPTIONS);
    var wrong = new JsonObject().put("credential", new JsonObject().put("id", "bad"));
    var refused = region.anonymous("POST", "/oauth/passkey").json(wrong);
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.json().getString("error")).isEqualTo("invalid_grant");
    assertThat(region.anonymous("POST", "/oauth/passkey").send().status()).isEqualTo(400);

    var right = new JsonObject().put("credential", new JsonObject().put("id", "good"));
    var in = region.anonymous("POST", "/oauth/passkey").json(right).json();
    var typed = Map.of("username", in.getString("username"), "ticket", in.getString("ticket"));
    var sent = submit(page(asked("app-1", BACK)), "/oauth/authorize", typed);
    assertThat(sent.status()).isEqualTo(303);
    assertThat(exchange(shown("app-1"), parameter(location(sent), "code"), BACK).status())
        .isEqualTo(200);
  }

  @Test
  void passkeysAreAddedByWhoShowsThePasswordAgain() {
    String all = "/v1/user/passkeys";
    assertThat(region.call("POST", all + "/options").form("").status()).isEqualTo(400);
    assertThat(region.call("POST", all + "/options").form("current_password=no").status())
        .isEqualTo(400);
    var options = region.call("POST", all + "/options").form("current_password=correct+horse");
    assertThat(options.text()).isEqualTo(FakePasskeys.OPTIONS);
    var named = new JsonObject().put("name", "Phone");
    var bad = named.copy().put("credential", new JsonObject().put("id", "bad"));
    assertThat(region.call("POST", all).json(named).status()).isEqualTo(400);
    assertThat(region.call("POST", all).json(bad).status()).isEqualTo(400);
    var good = named.copy().put("credential", new JsonObject().put("id", "good"));
    var added = region.call("POST", all).json(good);
    assertThat(added.status()).isEqualTo(201);
    assertThat(region.call("GET", all).send().json().getJsonArray("passkeys"))
        .containsExactly(added.json());
    String one = all + "/" + added.json().getString("id");
    assertThat(region.call("PUT", one).json(new JsonObject().put("name", "\t")).status())
        .isEqualTo(400);
    assertThat(region.call("PUT", one).form("name=Old").json().getString("name")).isEqualTo("Old");
    assertThat(region.call("DELETE", one).send().status()).isEqualTo(204);
    assertThat(region.call("DELETE", one).send().status()).isEqualTo(404);
    assertThat(region.call("PUT", one).form("name=Old").status()).isEqualTo(404);
    region.services.databaseDown = true;
    assertThat(region.call("GET", all).send().status()).isEqualTo(503);
  }

  @Test
  void aTicketStandsForThePasswordAndWithoutAGoodOneThePasswordIsAsked() {
    region.services.oauth.tickets.add("good");
    var page = page(asked("app-1", BACK));
    var signedIn = new LinkedHashMap<>(Map.of("username", Region.EMAIL, "ticket", "good"));
    assertThat(submit(page, "/oauth/authorize", signedIn).status()).isEqualTo(303);
    var again = submit(page, "/oauth/authorize", signedIn);
    assertThat(again.status()).isEqualTo(401);
    assertThat(again.text())
        .contains("too long ago", "name=\"password\"", Region.EMAIL)
        .doesNotContain("name=\"ticket\"");
    region.services.databaseDown = true;
    var later = submit(page, "/oauth/authorize", signedIn);
    assertThat(later.status()).isEqualTo(503);
    assertThat(later.text())
        .contains("name=\"ticket\" value=\"good\"", "signed in as <strong>" + Region.EMAIL)
        .doesNotContain("name=\"password\"");
  }

  private Call.Reply begin(String fields) {
    return region.anonymous("POST", "/oauth/device_authorization").form(fields);
  }

  private Call.Reply poll(String client) {
    return region
        .anonymous("POST", "/oauth/token")
        .form(
            "grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code="
                + FakeOAuth.DEVICE_CODE
                + "&client_id="
                + client);
  }

  private Call.Reply devicePage(String query) {
    return region.anonymous("GET", "/oauth/device" + query).send();
  }

  private Call.Reply decide(Call.Reply page, String decision, String password) {
    var typed = new LinkedHashMap<>(typed(password));
    typed.put("decision", decision);
    return submit(page, "/oauth/device", typed);
  }

  @Test
  void aDeviceIsLetInByItsPerson() {
    var begun = begin("client_id=particle-cli&scope=devices:list").json();
    assertThat(begun.getString("verification_uri")).isEqualTo(region.url("/oauth/device"));
    assertThat(begun.getString("verification_uri_complete"))
        .isEqualTo(region.url("/oauth/device?user_code=BCDF-GHJK"));
    assertThat(begun.getInteger("expires_in")).isEqualTo(600);
    assertThat(begun.getInteger("interval")).isEqualTo(5);
    assertThat(poll("particle-cli").json().getString("error")).isEqualTo("authorization_pending");

    assertThat(devicePage("").text()).contains("name=\"user_code\"");
    var page = devicePage("?user_code=" + begun.getString("user_code"));
    assertThat(page.text()).contains("particle-cli", "BCDF-GHJK", "devices:list");
    assertThat(page.header("X-Frame-Options")).hasValue("DENY");
    assertThat(decide(page, "allow", "wrong").status()).isEqualTo(401);
    assertThat(decide(page, "perhaps", Region.PASSWORD).status()).isEqualTo(400);
    assertThat(poll("particle-cli").status()).isEqualTo(400);
    assertThat(decide(page, "allow", Region.PASSWORD).text()).contains("Allowed");
    var reply = poll("particle-cli");
    assertThat(reply.json().getString("scope")).isEqualTo("devices:list");
    assertThat(status("/v1/devices", reply.json().getString("access_token"))).isEqualTo(200);
  }

  @Test
  void aDeviceIsRefusedByItsPersonOrForItsClient() {
    assertThat(begin("client_id=particle-cli").status()).isEqualTo(200);
    var page = devicePage("?user_code=BCDF-GHJK");
    assertThat(decide(page, "deny", Region.PASSWORD).text()).contains("Refused");
    assertThat(poll("particle-cli").json().getString("error")).isEqualTo("access_denied");
    assertThat(begin("client_id=unknown").json().getString("error")).isEqualTo("invalid_client");
    assertThat(begin("client_id=app-1").json().getString("error")).isEqualTo("invalid_client");
    assertThat(begin("client_id=particle&scope=all").json().getString("error"))
        .isEqualTo("invalid_scope");
    assertThat(begin("x=1" + shown("shop-1")).json().getString("error"))
        .isEqualTo("unauthorized_client");
    var unknown = devicePage("?user_code=%3Cscript%3E");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.text()).contains("No device shows this code").doesNotContain("<script");
    assertThat(devicePage("?user_code=LOCKED").status()).isEqualTo(429);
  }

  @Test
  void tellsOfItselfWhatItDoes() {
    var told = region.anonymous("GET", "/.well-known/oauth-authorization-server").send().json();
    assertThat(told.getString("issuer")).isEqualTo(region.url(""));
    assertThat(told.getJsonArray("code_challenge_methods_supported")).containsExactly("S256");
    var routes = region.api.routes().stream().map(Endpoints.Route::pattern).toList();
    told.fieldNames().stream()
        .filter(name -> name.endsWith("_endpoint"))
        .forEach(name -> assertThat(routes).contains(path(told, name)));
    for (Object grant : told.getJsonArray("grant_types_supported")) {
      var reply =
          region
              .anonymous("POST", "/oauth/token")
              .form("grant_type=" + grant + "&client_id=particle&client_secret=particle");
      assertThat(reply.json().getString("error"))
          .as("%s", grant)
          .isNotEqualTo("unsupported_grant_type");
    }
    for (Object scope : told.getJsonArray("scopes_supported")) {
      assertThat(begin("client_id=particle&scope=" + scope).status()).isEqualTo(200);
    }
  }

  private String path(JsonObject told, String name) {
    return told.getString(name).replace(region.url(""), "");
  }

  private JsonObject introspect(String client, String token) {
    return region.anonymous("POST", "/oauth/introspect").form("token=" + token + client).json();
  }

  @Test
  void aClientIsToldOfItsOwnTokensAndRevokesThem() {
    String token =
        exchange(shown("app-1"), granted("app-1", BACK), BACK).json().getString("access_token");
    var told = introspect(shown("app-1"), token);
    assertThat(told.getBoolean("active")).isTrue();
    assertThat(told.getString("username")).isEqualTo(Region.EMAIL);
    assertThat(told.getString("scope")).isEqualTo("devices:list");
    assertThat(told.getString("client_id")).isEqualTo("app-1");
    var not = new JsonObject().put("active", false);
    assertThat(introspect(shown("thief-1"), token)).isEqualTo(not);
    assertThat(introspect(shown("app-1"), "none")).isEqualTo(not);
    for (String client :
        new String[] {"", "&client_id=app-1", shown("tool-1"), shown("particle")}) {
      assertThat(introspect(client, token).getString("error")).isEqualTo("invalid_client");
    }
    var revoke = region.anonymous("POST", "/oauth/revoke");
    assertThat(revoke.form("token=" + token + shown("app-1")).text()).isEqualTo("{}");
    assertThat(introspect(shown("app-1"), token)).isEqualTo(not);
    assertThat(region.anonymous("POST", "/oauth/revoke").form("token=x").status()).isEqualTo(400);
  }

  @Test
  void aTokenByWhichSomebodyAsksIsTakenDownAndOneThatIsLookedAtIsNot() {
    var uses = new TokenUses(region.bus, InstantSource.system());
    var check = new TokenCheck(region.bus, region.directory, new Patience(region.vertx), uses);
    Region.done(check.look(Optional.of(Region.OTHER_TOKEN)));
    Region.done(check.check(Optional.of(Region.TOKEN)));
    Region.done(check.check(Optional.of("nobody's")));
    uses.tell();
    await().until(() -> !region.services.oauth.used.isEmpty());
    assertThat(region.services.oauth.used).containsExactly(Secrets.hash(Region.TOKEN));
  }

  @Test
  void withoutTheDatabaseThePagesStandAndTellWhenToComeBack() {
    String code = granted("app-1", BACK);
    var page = page(asked("app-1", BACK));
    region.services.databaseDown = true;
    long began = System.nanoTime();
    assertThat(page(asked("app-1", BACK)).status()).isEqualTo(200);
    for (var reply :
        List.of(
            submit(page, "/oauth/authorize", typed(Region.PASSWORD)),
            exchange(shown("app-1"), code, BACK),
            begin("client_id=particle-cli"),
            devicePage("?user_code=BCDF-GHJK"),
            decide(page, "allow", Region.PASSWORD),
            poll("particle-cli"),
            region.anonymous("POST", "/oauth/revoke").form("token=x" + shown("app-1")))) {
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).hasValue("3");
    }
    assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
  }
}
