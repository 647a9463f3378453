package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.directory.Secrets;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MfaIT {
  private static final String EMAIL = "careful@example.com";
  private static final String PASSWORD = "long enough";
  private static final String CLIENT = "&client_id=particle-cli&client_secret=particle-cli";

  @RegisterExtension final Region region = Region.start();

  private final String token = Secrets.newToken();

  private Call call(String method, String path) {
    return region.anonymous(method, path).header("Authorization", "Bearer " + token);
  }

  private Call.Reply token(String fields) {
    return region.anonymous("POST", "/oauth/token").form(fields + CLIENT);
  }

  private Call.Reply logIn() {
    return token("grant_type=password&username=" + EMAIL + "&password=" + PASSWORD);
  }

  private Call.Reply comeBack(String mfaToken, String otp) {
    return token("grant_type=urn:custom:mfa-otp&mfa_token=" + mfaToken + "&otp=" + otp);
  }

  private static JsonObject confirmation(String mfaToken, String otp) {
    return new JsonObject().put("mfa_token", mfaToken).put("otp", otp);
  }

  private void enrol() {
    region.rows.token(region.services.person(EMAIL, PASSWORD), token, null);
    var reply =
        call("POST", "/v1/user/mfa-enable").json(confirmation(FakePeople.MFA_TOKEN, "123456"));
    assertThat(reply.json().getBoolean("enrolled")).isTrue();
    assertThat(reply.json().getJsonArray("recovery_codes")).isNotEmpty();
  }

  @Test
  void beginsAndEnds() {
    region.rows.token(region.services.person(EMAIL, PASSWORD), token, null);
    var started = call("GET", "/v1/user/mfa-enable").send();
    assertThat(started.json().fieldNames()).containsExactly("mfa_token", "qr_url", "secret");
    assertThat(
            call("POST", "/v1/user/mfa-enable")
                .json(confirmation(FakePeople.MFA_TOKEN, "000000"))
                .status())
        .isEqualTo(403);
    assertThat(call("POST", "/v1/user/mfa-enable").json(confirmation("unknown", "123456")).status())
        .isEqualTo(400);
    var enrolled =
        call("POST", "/v1/user/mfa-enable").json(confirmation(FakePeople.MFA_TOKEN, "123456"));
    assertThat(enrolled.status()).isEqualTo(200);
    assertThat(isOn()).isTrue();
    assertThat(call("GET", "/v1/user/mfa-enable").send().status()).isEqualTo(400);

    var wrong = new JsonObject().put("current_password", "no");
    assertThat(call("PUT", "/v1/user/mfa-disable").json(wrong).status()).isEqualTo(400);
    var right = new JsonObject().put("current_password", PASSWORD);
    assertThat(call("PUT", "/v1/user/mfa-disable").json(right).text()).isEqualTo("{\"ok\":true}");
    assertThat(isOn()).isFalse();
  }

  private boolean isOn() {
    return call("GET", "/v1/user").send().json().getJsonObject("mfa").getBoolean("enabled");
  }

  @Test
  void asksForAOneTimePasswordAfterThePassword() {
    enrol();
    var first = logIn();
    assertThat(first.status()).isEqualTo(403);
    assertThat(first.json().getString("error")).isEqualTo("mfa_required");
    String mfaToken = first.json().getString("mfa_token");

    var second = comeBack(mfaToken, FakePeople.OTP);
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.json().getString("access_token")).matches("[0-9a-f]{40}");
  }

  @Test
  void letsTheToolAskAgainAfterAWrongOneAndBeginAnewAfterTheTime() {
    enrol();
    var wrong = comeBack(FakePeople.MFA_TOKEN, "000000");
    assertThat(wrong.status()).isEqualTo(403);
    assertThat(wrong.json().containsKey("error_description")).isTrue();
    var late = comeBack("unknown", FakePeople.OTP);
    assertThat(late.status()).isEqualTo(400);
    assertThat(late.json().getString("error")).isEqualTo("invalid_grant");
    assertThat(wrong.text() + late.text()).doesNotContainIgnoringCase("access token");
    assertThat(token("grant_type=urn:custom:mfa-otp").json().getString("error"))
        .isEqualTo("invalid_request");
  }

  @Test
  void listsTokensByTheirEndsToWhoKnowsThePassword() {
    assertThat(list(Region.EMAIL, Region.PASSWORD).text())
        .isEqualTo(
            "[{\"token\":\"…abcdef\",\"expires_at\":null,\"client\":\"particle-cli\","
                + "\"created_at\":\"2026-01-02T03:04:05.678Z\",\"last_used\":null},"
                + "{\"token\":\"…012345\",\"expires_at\":\"2026-01-02T03:04:05.678Z\","
                + "\"client\":\"particle\",\"created_at\":null,"
                + "\"last_used\":\"2026-01-02T03:03:20.000Z\"}]");
    var wrong = list(Region.EMAIL, "no");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.text()).isEqualTo("{\"ok\":false,\"errors\":[\"Bad password\"]}");
    assertThat(list("nobody@example.com", "no").text()).isEqualTo(wrong.text());
    assertThat(region.anonymous("GET", "/v1/access_tokens").send().status()).isEqualTo(400);
  }

  private Call.Reply list(String email, String password) {
    byte[] pair = (email + ":" + password).getBytes(StandardCharsets.UTF_8);
    return region
        .anonymous("GET", "/v1/access_tokens")
        .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair))
        .send();
  }

  @Test
  void saysTheScopeThatWasAskedFor() {
    var reply =
        token(
            "grant_type=password&scope=devices:list&username="
                + Region.EMAIL
                + "&password=correct+horse&expires_in=0");
    assertThat(reply.json().getString("scope")).isEqualTo("devices:list");
    assertThat(reply.json().getLong("expires_in")).isZero();
  }
}
