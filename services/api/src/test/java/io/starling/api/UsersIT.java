package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.directory.Secrets;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UsersIT {
  private static Region region;

  @BeforeAll
  static void start() {
    region = Region.start();
  }

  @AfterAll
  static void stop() {
    region.close();
  }

  private static Call.Reply signUp(String email, String password) {
    return region
        .anonymous("POST", "/v1/users")
        .json(new JsonObject().put("username", email).put("password", password));
  }

  @Test
  void signsPeopleUp() {
    var reply = signUp("new@example.com", "long enough");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("{\"ok\":true}");
  }

  @Test
  void saysWhyItSignsNobodyUp() {
    assertThat(signUp("nobody", "long enough").status()).isEqualTo(400);
    assertThat(signUp("nobody", "long enough").text())
        .isEqualTo("{\"ok\":false,\"errors\":[\"username must be an email address\"]}");
    assertThat(signUp(Region.EMAIL, "long enough").text())
        .isEqualTo("{\"ok\":false,\"errors\":[\"username already in use\"]}");
    assertThat(region.anonymous("POST", "/v1/users").form("username=a%40b.c").text())
        .isEqualTo("{\"ok\":false,\"errors\":[\"password is required\"]}");
  }

  @Test
  void showsTheUser() {
    var user = region.call("GET", "/v1/user").send().json();

    assertThat(user.getString("username")).isEqualTo(Region.EMAIL);
    assertThat(user.fieldNames())
        .contains("subscription_ids", "account_info", "mfa", "memberships", "tos");
    assertThat(user.getJsonObject("mfa").getBoolean("enabled")).isFalse();
  }

  @Test
  void identifiesTheUser() {
    assertThat(region.call("GET", "/v1/user/identify?tracking=1").send().text())
        .isEqualTo("{\"id\":\"" + region.person + "\",\"email\":\"ada@example.com\"}");
  }

  /** Somebody new, with a token. */
  private static String somebody(String email) {
    var account = region.services.person(email, "long enough");
    String token = Secrets.newToken();
    region.rows.token(account, token, null);
    return token;
  }

  private static Call as(String token, String method, String path) {
    return region.anonymous(method, path).header("Authorization", "Bearer " + token);
  }

  @Test
  void keepsWhatAPersonTellsAndNothingElse() {
    var info =
        new JsonObject().put("first_name", "Ada").put("business_account", true).put("admin", "1");
    var reply =
        region
            .anonymous("POST", "/v1/users")
            .json(
                new JsonObject()
                    .put("username", "info@example.com")
                    .put("password", "long enough")
                    .put("account_info", info));
    assertThat(reply.status()).isEqualTo(200);

    String token = somebody("telling@example.com");
    var changed = as(token, "PUT", "/v1/user").json(new JsonObject().put("account_info", info));
    assertThat(changed.json().getString("username")).isEqualTo("telling@example.com");
    assertThat(changed.json().getJsonObject("account_info").encode())
        .isEqualTo("{\"first_name\":\"Ada\",\"business_account\":true}");
    assertThat(as(token, "GET", "/v1/user").send().json()).isEqualTo(changed.json());
  }

  @Test
  void aNewPasswordNeedsTheCurrentOneAndTheToolStaysLoggedIn() {
    String token = somebody("changing@example.com");
    var wanted = new JsonObject().put("password", "even longer");

    assertThat(as(token, "PUT", "/v1/user").json(wanted).text())
        .isEqualTo("{\"ok\":false,\"errors\":[\"current_password is required\"]}");
    var wrong = as(token, "PUT", "/v1/user").json(wanted.copy().put("current_password", "no"));
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.text()).doesNotContainIgnoringCase("access token");
    var right =
        as(token, "PUT", "/v1/user").json(wanted.copy().put("current_password", "long enough"));
    assertThat(right.status()).isEqualTo(200);
    assertThat(right.json().getBoolean("ok")).isTrue();
    assertThat(as(token, "PUT", "/v1/user").json(new JsonObject()).status()).isEqualTo(400);
  }

  @Test
  void deletesWhoKnowsThePassword() {
    String token = somebody("leaving@example.com");

    assertThat(as(token, "DELETE", "/v1/user").send().status()).isEqualTo(400);
    var wrong = as(token, "DELETE", "/v1/user").json(new JsonObject().put("password", "no"));
    assertThat(wrong.status()).isEqualTo(400);
    var right =
        as(token, "DELETE", "/v1/user").json(new JsonObject().put("password", "long enough"));
    assertThat(right.json().getBoolean("ok")).isTrue();
  }

  @Test
  void answersAlikeWhoeverForgotAPassword() {
    var known =
        region
            .anonymous("POST", "/v1/user/password-reset")
            .json(new JsonObject().put("username", Region.EMAIL));
    var unknown =
        region
            .anonymous("POST", "/v1/user/password-reset")
            .json(new JsonObject().put("username", "nobody@example.com"));

    assertThat(known.status()).isEqualTo(200);
    assertThat(known.json().getBoolean("ok")).isTrue();
    assertThat(unknown.text()).isEqualTo(known.text());
  }

  @Test
  void takesMailedLinksOnPagesThatNobodyFrames() {
    for (String path : new String[] {"/account/password", "/account/email"}) {
      var page = region.anonymous("GET", path).send();
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.header("Content-Type").orElseThrow()).startsWith("text/html");
      assertThat(page.header("Content-Security-Policy").orElseThrow())
          .contains("frame-ancestors 'none'");
    }
    String reset = "/v1/user/password-reset/confirm";
    assertThat(
            region
                .anonymous("POST", reset)
                .form("password=even+longer&token=" + FakePeople.LINK)
                .status())
        .isEqualTo(200);
    assertThat(region.anonymous("POST", reset).form("password=even+longer&token=x").text())
        .isEqualTo("{\"ok\":false,\"errors\":[\"This link is not good any more\"]}");
    assertThat(
            region
                .anonymous("POST", "/v1/user/email/confirm")
                .form("token=" + FakePeople.LINK)
                .status())
        .isEqualTo(200);
  }

  @Test
  void tellsBadTokensApart() {
    String expired = "2".repeat(40);
    region.rows.token(region.person, expired, Instant.now().minusSeconds(1));
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));

    var missing = region.anonymous("GET", "/v1/user").send();
    assertThat(missing.status()).isEqualTo(400);
    assertThat(missing.text())
        .isEqualTo(
            "{\"error\":\"invalid_request\","
                + "\"error_description\":\"The access token was not found\"}");

    var invalid = region.anonymous("GET", "/v1/user").header("Authorization", "Bearer null").send();
    assertThat(invalid.status()).isEqualTo(401);
    assertThat(invalid.text())
        .isEqualTo(
            "{\"error\":\"invalid_token\","
                + "\"error_description\":\"The access token provided is invalid.\"}");

    var old =
        region.anonymous("GET", "/v1/user").header("Authorization", "Bearer " + expired).send();
    assertThat(old.status()).isEqualTo(401);
    assertThat(old.text())
        .isEqualTo(
            "{\"error\":\"invalid_token\","
                + "\"error_description\":\"The access token provided has expired.\"}");
  }

  @Test
  void knowsATokenThatWasMadeElsewhereAMomentAgo() {
    String token = "6".repeat(40);
    Promise<Void> gate = Promise.promise();
    region.rows.gate = gate.future();
    region.rows.token(region.person, token, null);

    var asked =
        region.anonymous("GET", "/v1/user").header("Authorization", "Bearer " + token).sendAsync();
    var _ = region.vertx.setTimer(200, _ -> gate.complete());

    assertThat(asked.join().status()).isEqualTo(200);
  }

  @Test
  void callsNoTokenBadWhileItCannotTell() {
    region.rows.down = true;
    try {
      var unknown = region.anonymous("GET", "/v1/user?access_token=" + "7".repeat(40)).send();

      assertThat(unknown.status()).isEqualTo(503);
      assertThat(unknown.header("Retry-After")).isPresent();
      assertThat(unknown.text()).doesNotContainIgnoringCase("access token");
      assertThat(region.call("GET", "/v1/user").send().status()).isEqualTo(200);
    } finally {
      region.rows.down = false;
    }
  }

  @Test
  void takesTheTokenFromTheQueryAndFromAForm() {
    assertThat(region.anonymous("GET", "/v1/user?access_token=" + Region.TOKEN).send().status())
        .isEqualTo(200);
    assertThat(
            region
                .anonymous("POST", "/v1/devices/events")
                .form("name=form&access_token=" + Region.TOKEN)
                .status())
        .isEqualTo(200);
  }

  @Test
  void tellsAboutTheCurrentToken() {
    var token = region.call("GET", "/v1/access_tokens/current").send();

    assertThat(token.text())
        .isEqualTo("{\"expires_at\":null,\"client\":\"particle-cli\",\"scopes\":[],\"orgs\":[]}");
  }

  @Test
  void revokesATokenToItsPossessor() {
    String token = "3".repeat(40);
    region.rows.token(region.person, token, Instant.now().plusSeconds(3_600));
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));

    var reply = region.anonymous("DELETE", "/v1/access_tokens/" + token).send();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("{\"ok\":true}");
    assertThat(
            region
                .anonymous("GET", "/v1/user")
                .header("Authorization", "Bearer " + token)
                .send()
                .status())
        .isEqualTo(401);
    assertThat(region.anonymous("DELETE", "/v1/access_tokens/unknown").send().status())
        .isEqualTo(200);
  }

  @Test
  void revokesTheCurrentToken() {
    String token = "4".repeat(40);
    region.rows.token(region.person, token, null);
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));

    var reply =
        region
            .anonymous("DELETE", "/v1/access_tokens/current")
            .header("Authorization", "Bearer " + token)
            .send();

    assertThat(reply.text()).isEqualTo("{\"ok\":true}");
    assertThat(region.directory.token(Secrets.hash(token))).isEmpty();
    assertThat(region.call("DELETE", "/v1/access_tokens").send().text()).isEqualTo("{\"ok\":true}");
    assertThat(region.anonymous("DELETE", "/v1/access_tokens/current").send().status())
        .isEqualTo(400);
  }
}
