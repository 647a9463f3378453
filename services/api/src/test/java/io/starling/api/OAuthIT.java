package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OAuthIT {
  private static final String PERSON = "username=ada%40example.com&password=correct+horse";
  private static Region region;

  @BeforeAll
  static void start() {
    region = Region.start();
  }

  @AfterAll
  static void stop() {
    region.close();
  }

  private static Call.Reply token(String fields) {
    return region.anonymous("POST", "/oauth/token").form(fields);
  }

  private static void assertRefused(Call.Reply reply, String code, String description) {
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text())
        .isEqualTo("{\"error\":\"" + code + "\",\"error_description\":\"" + description + "\"}");
  }

  private static int asked(String token, String path) {
    return region.anonymous("GET", path).header("Authorization", "Bearer " + token).send().status();
  }

  @Test
  void aTokenIsForTheScopesThatWereAskedForAndTellsThem() {
    String client = "&client_id=particle&client_secret=particle&scope=";
    var reply = token("grant_type=password&" + PERSON + client + "devices%3Alist+events%3Aget");
    assertThat(reply.json().getString("scope")).isEqualTo("devices:list events:get");
    String token = reply.json().getString("access_token");
    assertThat(asked(token, "/v1/devices")).isEqualTo(200);
    assertThat(asked(token, "/v1/devices/kitchen")).isEqualTo(403);
    assertThat(asked(token, "/v1/user")).isEqualTo(403);
    var shown =
        region
            .anonymous("GET", "/v1/access_tokens/current")
            .header("Authorization", "Bearer " + token)
            .send();
    assertThat(shown.json().getJsonArray("scopes")).containsExactly("devices:list", "events:get");
    for (String scope : new String[] {"everything", "devices%3Alist+x", "devices%3Alist%0A"}) {
      assertThat(token("grant_type=password&" + PERSON + client + scope).json().getString("error"))
          .isEqualTo(scope.endsWith("%0A") ? null : "invalid_scope");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "particle, particle",
    "particle-api, particle-api",
    "particle-cli, particle-cli",
    "CLI2, client_secret_here",
    "user, client_secret_here"
  })
  void givesATokenToEveryBuiltInClient(String id, String secret) {
    var reply =
        token("grant_type=password&" + PERSON + "&client_id=" + id + "&client_secret=" + secret);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().fieldNames())
        .containsExactly("token_type", "access_token", "expires_in", "refresh_token");
    assertThat(reply.json().getString("refresh_token")).matches("[0-9a-f]{40}");
    assertThat(reply.json().getString("token_type")).isEqualTo("bearer");
    assertThat(reply.json().getString("access_token")).matches("[0-9a-f]{40}");
    assertThat(reply.json().getLong("expires_in")).isEqualTo(7_776_000);
    assertThat(reply.header("Cache-Control")).hasValue("no-store");
  }

  @Test
  void givesATokenThatWorksAtOnce() {
    var token =
        token("grant_type=password&" + PERSON + "&client_id=particle&client_secret=particle")
            .json()
            .getString("access_token");

    var user =
        region.anonymous("GET", "/v1/user").header("Authorization", "Bearer " + token).send();

    assertThat(user.json().getString("username")).isEqualTo(Region.EMAIL);
  }

  @Test
  void takesTheClientAsHttpBasic() {
    String basic =
        Base64.getEncoder().encodeToString("particle:particle".getBytes(StandardCharsets.UTF_8));

    var reply =
        region
            .anonymous("POST", "/oauth/token")
            .header("Authorization", "Basic " + basic)
            .form("grant_type=password&" + PERSON);

    assertThat(reply.status()).isEqualTo(200);
  }

  @Test
  void ignoresAStrayBearer() {
    var reply =
        region
            .anonymous("POST", "/oauth/token")
            .header("Authorization", "Bearer null")
            .form(
                "grant_type=password&"
                    + PERSON
                    + "&client_id=CLI2&client_secret=client_secret_here");

    assertThat(reply.status()).isEqualTo(200);
  }

  @Test
  void givesATokenForAsLongAsAsked() {
    String asked = "grant_type=password&client_id=particle&client_secret=particle&" + PERSON;
    String tomorrow = Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS) + "";

    assertThat(token(asked + "&expires_in=3600").json().getLong("expires_in")).isEqualTo(3_600);
    assertThat(token(asked + "&expires_in=0").json().getLong("expires_in")).isZero();
    assertThat(token(asked + "&expires_at=" + tomorrow).json().getLong("expires_in"))
        .isBetween(86_390L, 86_400L);
    assertRefused(
        token(asked + "&expires_at=2001-01-01"),
        "invalid_request",
        "expires_in or expires_at is not a time to come");
    assertRefused(
        token(asked + "&expires_in=soon"),
        "invalid_request",
        "expires_in or expires_at is not a time to come");
  }

  @Test
  void tellsTheAccountsServiceWhereTheClientConnectsFrom() {
    var _ = token("grant_type=password&" + PERSON + "&client_id=particle&client_secret=particle");

    assertThat(region.services.people.lastLogIn.clientAddress()).isEqualTo("127.0.0.1");
    assertThat(region.services.people.lastLogIn.client()).isEqualTo("particle");
  }

  @Test
  void refusesAWrongPasswordWithoutLoggingTheToolOut() {
    assertRefused(
        token(
            "grant_type=password&username=ada%40example.com&password=no"
                + "&client_id=particle&client_secret=particle"),
        "invalid_grant",
        "User credentials are invalid");
  }

  @Test
  void refusesAnUnknownClient() {
    assertRefused(
        token("grant_type=password&" + PERSON + "&client_id=particle&client_secret=wrong"),
        "invalid_client",
        "Client credentials are invalid");
    assertRefused(
        token("grant_type=password&" + PERSON), "invalid_client", "Client credentials are invalid");
  }

  @Test
  void refusesOtherGrants() {
    String client = "&client_id=particle&client_secret=particle";

    assertRefused(
        token("grant_type=client_credentials" + client),
        "unauthorized_client",
        "This client may not use this grant type");
    assertRefused(
        token("grant_type=other" + client),
        "unsupported_grant_type",
        "This grant type is not supported");
    assertRefused(token("username=a" + client), "invalid_request", "Missing parameter: grant_type");
    assertRefused(
        token("grant_type=password" + client),
        "invalid_request",
        "Missing parameters: username and password are required");
  }

  @Test
  void aRefreshTokenGivesTheNextTokens() {
    String client = "&client_id=particle&client_secret=particle";
    var in = token("grant_type=password&" + PERSON + client).json();
    String refresh =
        "grant_type=refresh_token&refresh_token=" + in.getString("refresh_token") + client;

    assertRefused(
        token(refresh + "&scope=more"), "invalid_scope", "What follows has the scope of what was");
    var next = token(refresh);
    assertThat(next.status()).isEqualTo(200);
    assertThat(next.json().getString("access_token")).isNotEqualTo(in.getString("access_token"));
    assertThat(next.json().getString("refresh_token")).matches("[0-9a-f]{40}");
    assertThat(next.header("Cache-Control")).hasValue("no-store");
    assertRefused(token(refresh), "invalid_grant", "The refresh token is invalid");
    assertRefused(
        token("grant_type=refresh_token" + client),
        "invalid_request",
        "Missing parameter: refresh_token");
    assertRefused(
        token(refresh.replace("secret=particle", "secret=other")),
        "invalid_client",
        "Client credentials are invalid");
  }

  @Test
  void nothingFollowsATokenThatNeverEnds() {
    var reply =
        token(
            "grant_type=password&expires_in=0&client_id=particle&client_secret=particle&" + PERSON);
    assertThat(reply.json().containsKey("refresh_token")).isFalse();
  }

  @Test
  void tellsWhenToTryAgainAfterTooManyAttempts() {
    var reply =
        token(
            "grant_type=password&username=locked%40example.com&password=x"
                + "&client_id=particle&client_secret=particle");

    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.header("Retry-After")).hasValue("1800");
  }
}
