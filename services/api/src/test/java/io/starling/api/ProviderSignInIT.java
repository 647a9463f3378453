package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.OidcReply;
import io.starling.contract.OidcReply.Refused.Reason;
import io.starling.contract.OidcRequest.Origin;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signing in through a provider, as a browser sees it. */
class ProviderSignInIT {
  private static final String BACK = "https://app.example/back";
  private static final Pattern LINK =
      Pattern.compile("<a class=\"button\" href=\"([^\"]*)\">Sign in with ([^<]*)</a>");
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"(\\w+)\" value=\"([^\"]*)\">");

  @RegisterExtension final Region region = Region.start();

  @BeforeEach
  void client() {
    region.rows.client("app-1", region.person, 0, "App", "e".repeat(40));
    region.rows.redirect("app-1", "web", BACK);
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
  }

  private static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static String asked() {
    var asked = new LinkedHashMap<String, String>();
    asked.put("response_type", "code");
    asked.put("client_id", "app-1");
    asked.put("redirect_uri", BACK);
    asked.put("state", "a&b \"c\"");
    asked.put("scope", "devices:list");
    asked.put("code_challenge", "A".repeat(43));
    asked.put("code_challenge_method", "S256");
    return encoded(asked);
  }

  private Call.Reply get(String path) {
    return region.anonymous("GET", path).send();
  }

  /** Where the one link of a page leads. */
  private static String link(Call.Reply page) {
    var link = LINK.matcher(page.text());
    assertThat(link.find()).isTrue();
    assertThat(link.group(2)).isEqualTo("&lt;Work&gt; &amp; Co");
    return plain(link.group(1));
  }

  private static String plain(String html) {
    return html.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
  }

  private Call.Reply begun() {
    return get(link(get("/oauth/authorize?" + asked())));
  }

  private Call.Reply comeBack(String query, String cookie) {
    return region
        .anonymous("GET", "/oauth/oidc/callback?" + query)
        .header("Cookie", "starling_oidc=" + cookie)
        .send();
  }

  private Call.Reply comeBack(String query) {
    return comeBack(query, FakeOidc.BROWSER);
  }

  private Call.Reply submit(Call.Reply page, String path, Map<String, String> typed) {
    var fields = new LinkedHashMap<String, String>();
    var hidden = HIDDEN.matcher(page.text());
    while (hidden.find()) {
      fields.put(hidden.group(1), plain(hidden.group(2)));
    }
    fields.putAll(typed);
    return region.anonymous("POST", path).form(encoded(fields));
  }

  private static void isPlainPage(Call.Reply page, int status) {
    assertThat(page.status()).isEqualTo(status);
    assertThat(page.header("Location")).isEmpty();
    assertThat(page.header("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'");
    assertThat(page.header("Referrer-Policy")).hasValue("same-origin");
    assertThat(page.text()).doesNotContain("<script", "<Work>");
  }

  @Test
  void aPersonGrantsATokenWithoutAPassword() {
    var begun = begun();
    assertThat(begun.status()).isEqualTo(302);
    assertThat(begun.header("Location")).hasValue("https://id.example/authorize?state=s");
    assertThat(begun.header("Set-Cookie"))
        .hasValue(
            "starling_oidc="
                + FakeOidc.BROWSER
                + "; Path=/oauth/oidc; Max-Age=600; HttpOnly; SameSite=Lax");

    var page = comeBack("state=s&code=c&iss=i");
    isPlainPage(page, 200);
    assertThat(page.header("Set-Cookie").orElseThrow())
        .startsWith("starling_oidc=; Path=/oauth/oidc; Max-Age=0");
    assertThat(page.text())
        .contains("signed in as <strong>ada@example.com", "devices:list", "<button>Allow</button>")
        .doesNotContain("name=\"password\"", "class=\"button\"");
    var sent = submit(page, "/oauth/authorize", Map.of());
    assertThat(sent.status()).isEqualTo(303);
    assertThat(sent.header("Location").orElseThrow())
        .startsWith(BACK + "?code=")
        .contains("&state=" + URLEncoder.encode("a&b \"c\"", StandardCharsets.UTF_8));
    assertThat(submit(page, "/oauth/authorize", Map.of()).status()).isEqualTo(401);
  }

  @Test
  void theCookieIsSentByHttpsAloneWhereThisServiceIsReachedSo() {
    region.services.oidc.secure = true;
    assertThat(begun().header("Set-Cookie").orElseThrow()).endsWith("; SameSite=Lax; Secure");
  }

  @Test
  void aDeviceIsLetInWithoutAPassword() {
    var _ = region.anonymous("POST", "/oauth/device_authorization").form("client_id=particle-cli");
    assertThat(get(link(get("/oauth/device?user_code=BCDF-GHJK"))).status()).isEqualTo(302);
    var page = comeBack("state=s&code=c");
    isPlainPage(page, 200);
    assertThat(page.text()).contains("BCDF-GHJK", "ada@example.com", ">Allow</button>");
    var done = submit(page, "/oauth/device", Map.of("decision", "allow"));
    assertThat(done.text()).contains("Allowed");
  }

  @Test
  void whatAProviderIsNotEnoughForIsAskedFor() {
    region.services.oidc.outcomes.put("new", FakeOidc.needed());
    assertThat(begun().status()).isEqualTo(302);
    var page = comeBack("state=s&code=new");
    isPlainPage(page, 200);
    assertThat(page.text())
        .contains("ada@example.com", "&lt;Work&gt; &amp; Co", "name=\"password\"", "name=\"otp\"");
    String path = "/oauth/oidc/confirm";
    var wrong = submit(page, path, Map.of("password", "wrong"));
    isPlainPage(wrong, 401);
    var needed = submit(wrong, path, Map.of("password", Region.PASSWORD));
    isPlainPage(needed, 403);
    var right = Map.of("password", Region.PASSWORD, "otp", FakePeople.OTP);
    var done = submit(needed, path, right);
    isPlainPage(done, 200);
    assertThat(done.text()).contains("signed in as", "devices:list");
    isPlainPage(region.anonymous("POST", path).form("proof=x&password=y"), 400);

    region.services.oidc.outcomes.put(
        "otp", new OidcReply.ProofNeeded(FakeOidc.PROOF, "Work", Region.EMAIL, false, true));
    assertThat(comeBack("state=s&code=otp").text())
        .contains("name=\"otp\"")
        .doesNotContain("name=\"password\"");
  }

  @Test
  void withoutTheBrowserThatWentAwayNobodyComesBack() {
    assertThat(begun().status()).isEqualTo(302);
    isPlainPage(get("/oauth/oidc/callback?state=s&code=c"), 400);
    isPlainPage(comeBack("state=s&code=c", "e".repeat(64)), 400);
    isPlainPage(comeBack("state=another&code=c"), 400);
    isPlainPage(comeBack(""), 400);
  }

  @ParameterizedTest
  @CsvSource({
    "UNKNOWN_PROVIDER, 400",
    "NOT_BEGUN, 400",
    "DENIED, 403",
    "NO_ADDRESS, 403",
    "NOT_BELIEVED, 502",
    "UNREACHABLE, 503",
    "TOO_MANY, 503"
  })
  void whyNobodySignedInIsToldOnAPlainPage(Reason reason, int status) {
    region.services.oidc.outcomes.put(
        "c", new OidcReply.Refused(reason, "<Work> & Co", Origin.NONE));
    var page = comeBack("state=s&code=c");
    isPlainPage(page, status);
    assertThat(page.header("Retry-After").isPresent()).isEqualTo(status == 503);
  }

  @Test
  void whatAProviderSaysOfAFailureIsNotRepeated() {
    var page =
        comeBack("state=s&error=%3Cscript%3Ealert&error_description=%3Cb%3Ecall+555&error_uri=x");
    isPlainPage(page, 403);
    assertThat(page.text()).doesNotContain("alert", "call 555");
  }

  @ParameterizedTest
  @CsvSource({
    "page=elsewhere",
    "page=authorize",
    "page=authorize&client_id=app-1&redirect_uri=https%3A%2F%2Fthief.example",
    "page=device",
    "page=device&user_code=%20",
    "page=https%3A%2F%2Fthief.example",
    "x=y"
  })
  void nobodyBeginsFromWhatIsNoPageOfOurs(String query) {
    var reply = get("/oauth/oidc/begin?provider=work&" + query);
    isPlainPage(reply, 400);
    assertThat(reply.header("Set-Cookie")).isEmpty();
  }

  @Test
  void aProviderThatIsUnknownOrDownIsTold() {
    isPlainPage(get("/oauth/oidc/begin?provider=x&page=authorize&" + asked()), 400);
    var down = get("/oauth/oidc/begin?provider=down&page=authorize&" + asked());
    isPlainPage(down, 503);
    assertThat(down.header("Retry-After")).isPresent();
  }

  @Test
  void withoutTheDatabaseTheLinksStandAndTellWhenToComeBack() {
    region.services.databaseDown = true;
    var page = get("/oauth/authorize?" + asked());
    for (var reply : new Call.Reply[] {get(link(page)), comeBack("state=s&code=c")}) {
      isPlainPage(reply, 503);
      assertThat(reply.header("Retry-After")).hasValue("3");
    }
  }

  @Test
  void withoutTheAccountsServiceThePageStandsByItself() {
    region.services.silent = true;
    var page = get("/oauth/authorize?" + asked());
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text()).contains("name=\"password\"").doesNotContain("class=\"button\"");
  }

  @Test
  void aPersonListsAndEndsTheWaysIn() {
    var listed = region.call("GET", "/v1/user/identities").send().json().getJsonArray("identities");
    assertThat(listed).hasSize(2);
    assertThat(listed.getJsonObject(0).encode())
        .isEqualTo(
            "{\"id\":\"i1\",\"provider\":\"work\",\"issuer\":\"https://id.example\","
                + "\"email\":\"ada@example.com\",\"linked_at\":\"2026-01-02T03:04:05.678Z\"}");
    assertThat(remove("none")).isEqualTo(404);
    assertThat(remove("i1")).isEqualTo(204);
    assertThat(remove("i1")).isEqualTo(404);
    assertThat(remove("i2")).isEqualTo(400);
    assertThat(get("/v1/user/identities").status()).isEqualTo(400);
    region.services.databaseDown = true;
    assertThat(region.call("GET", "/v1/user/identities").send().status()).isEqualTo(503);
  }

  private int remove(String id) {
    return region.call("DELETE", "/v1/user/identities/" + id).send().status();
  }
}
