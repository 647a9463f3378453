package io.starling.api;

import io.starling.bootstrap.settings.Settings;
import io.starling.http.rate.Rate;
import io.starling.http.rate.Rule;
import io.starling.http.rate.Rule.By;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How often clients may ask; rates are per process.
 *
 * @param address all requests of an address
 * @param token all requests with a token
 * @param account all requests with tokens of an account
 * @param login exchanges of secrets for tokens, and requests for pages on which people grant some,
 *     of an address; each for itself
 * @param people of an address: signing up, deleting oneself, listing or revoking tokens, asking for
 *     a new password; each for itself
 * @param streams event streams begun, of an address
 * @param serial serial numbers looked up, with tokens of an account
 * @param failures wrong secrets in a row, of an address in the region; 0: any number
 * @param block how long it is not heard then
 */
public record RatesConfig(
    Rate address,
    Rate token,
    Rate account,
    Rate login,
    Rate people,
    Rate streams,
    Rate serial,
    int failures,
    Duration block) {
  private static final String LOGIN = "POST /oauth/token";
  private static final String SIGN_UP = "POST /v1/users";
  private static final String USER_DELETE = "DELETE /v1/user";
  private static final String CUSTOMER_SIGN_UP = "POST /v1/products/:product/customers";
  private static final String CUSTOMER_RESET = CUSTOMER_SIGN_UP + "/reset_password";
  private static final String SERIAL = "GET /v1/serial_numbers/:serial";
  private static final Set<String> CONSENT =
      Set.of(
          "POST /oauth/authorize",
          "POST /oauth/device",
          "POST /oauth/passkey",
          "POST /oauth/passkey/options",
          "GET /oauth/device",
          "GET /oauth/oidc/begin",
          "GET /oauth/oidc/callback",
          "POST /oauth/oidc/confirm",
          "POST /oauth/device_authorization");
  private static final Set<String> PASSWORD_RESET =
      Set.of(
          "POST /v1/user/password-reset",
          "POST /v1/user/password-reset/confirm",
          CUSTOMER_RESET,
          "POST /v1/user/email/confirm",
          "POST /v1/user/transfer/confirm");

  private static final Set<String> TOKENS =
      Set.of(
          "GET /v1/access_tokens",
          "DELETE /v1/access_tokens",
          "DELETE /v1/access_tokens/:token",
          "DELETE /v1/access_tokens/current");

  /** Where clients show their secrets, and those that have none are heard too. */
  static final Set<String> EASY = Set.of("POST /oauth/device_authorization", "POST /oauth/revoke");

  /** Where secrets are tried. */
  static final Set<String> SECRETS =
      Set.of(
          LOGIN,
          CUSTOMER_SIGN_UP,
          CUSTOMER_RESET,
          "GET /v1/access_tokens",
          "POST /oauth/authorize",
          "POST /oauth/device",
          "POST /oauth/passkey",
          "POST /oauth/oidc/confirm",
          "POST /oauth/device_authorization",
          "POST /oauth/introspect",
          "POST /oauth/revoke");

  /** The routes that have limits of their own, streams besides. */
  static final Set<String> SELDOM_ASKED =
      Stream.of(
              Set.of(LOGIN, SIGN_UP, CUSTOMER_SIGN_UP, USER_DELETE, SERIAL),
              CONSENT,
              PASSWORD_RESET,
              TOKENS)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  private static final String FIVE_MINUTES = "10000/5m";
  private static final String SELDOM = "100/5m";

  /** Reads them. */
  public static RatesConfig from(Settings settings) {
    return new RatesConfig(
        settings.value("STARLING_API_RATE_ADDRESS", FIVE_MINUTES, Rate::parse),
        settings.value("STARLING_API_RATE_TOKEN", FIVE_MINUTES, Rate::parse),
        settings.value("STARLING_API_RATE_ACCOUNT", "50000/5m", Rate::parse),
        settings.value("STARLING_API_RATE_LOGIN", SELDOM, Rate::parse),
        settings.value("STARLING_API_RATE_PEOPLE", SELDOM, Rate::parse),
        settings.value("STARLING_API_RATE_STREAMS", SELDOM, Rate::parse),
        settings.value("STARLING_API_RATE_SERIAL", "50/1h", Rate::parse),
        settings.integer("STARLING_API_MAX_FAILURES", 10, 0, 10_000),
        settings.duration(
            "STARLING_API_FAILURE_BLOCK", "30m", Duration.ofMillis(100), Duration.ofDays(1)));
  }

  /** The rules that follow from it. */
  List<Rule> rules() {
    return List.of(
        Rule.everywhere("address", By.ADDRESS, address),
        Rule.everywhere("token", By.TOKEN, token),
        Rule.everywhere("account", By.ACCOUNT, account),
        on("login", By.ADDRESS, login, Set.of(LOGIN)),
        on("consent", By.ADDRESS, login, CONSENT),
        on("sign-up", By.ADDRESS, people, Set.of(SIGN_UP)),
        on("customer-sign-up", By.ADDRESS, people, Set.of(CUSTOMER_SIGN_UP)),
        on("user-delete", By.ADDRESS, people, Set.of(USER_DELETE)),
        on("tokens", By.ADDRESS, people, TOKENS),
        on("password-reset", By.ADDRESS, people, PASSWORD_RESET),
        new Rule("streams", By.ADDRESS, streams, RatesConfig::isStream),
        on("serial", By.ACCOUNT, serial, Set.of(SERIAL)));
  }

  private static Rule on(String name, By by, Rate rate, Set<String> routes) {
    return new Rule(name, by, rate, (method, pattern) -> routes.contains(method + " " + pattern));
  }

  static boolean isStream(String method, String pattern) {
    return method.equals("GET") && (pattern.endsWith("/events") || pattern.endsWith("/events/*"));
  }
}
