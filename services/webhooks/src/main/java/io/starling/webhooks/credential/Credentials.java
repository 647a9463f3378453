package io.starling.webhooks.credential;

import io.starling.webhooks.request.Properties;
import io.starling.webhooks.request.Target;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * By what an integration's requests show whose they are, beside headers and passwords.
 *
 * @param tls null for the usual
 * @param oauth2 null for none
 */
public record Credentials(@Nullable Tls tls, @Nullable ClientCredentials oauth2) {

  /**
   * Those of a configuration.
   *
   * @throws IllegalArgumentException if they are not right, saying what to change
   */
  public static Credentials of(Properties properties) {
    return new Credentials(tls(properties), oauth2(properties));
  }

  private static @Nullable Tls tls(Properties properties) {
    var object = properties.object("tls");
    if (object == null) {
      return null;
    }
    var tls = new Properties(object, "tls.");
    return new Tls(
        tls.text("ca").orElse(null),
        tls.text("certificate").orElse(null),
        tls.text("key").orElse(null));
  }

  private static @Nullable ClientCredentials oauth2(Properties properties) {
    var object = properties.object("oauth2");
    if (object == null) {
      return null;
    }
    if (properties.object("auth") != null) {
      throw new IllegalArgumentException("only one of auth and oauth2 may be given");
    }
    var oauth2 = new Properties(object, "oauth2.");
    return new ClientCredentials(
        tokenUrl(required(oauth2, "tokenUrl")),
        required(oauth2, "clientId"),
        required(oauth2, "clientSecret"),
        oauth2.text("scope").orElse(null),
        oauth2.text("audience").orElse(null),
        inBody(oauth2));
  }

  private static String required(Properties oauth2, String name) {
    return oauth2
        .text(name)
        .orElseThrow(() -> new IllegalArgumentException("oauth2." + name + " is required"));
  }

  private static Target tokenUrl(String url) {
    try {
      return Target.of(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("oauth2.tokenUrl: " + e.getMessage(), e);
    }
  }

  private static boolean inBody(Properties oauth2) {
    return switch (oauth2.text("authentication").orElse("header")) {
      case "header" -> false;
      case "body" -> true;
      default -> throw new IllegalArgumentException("oauth2.authentication must be header or body");
    };
  }

  /**
   * Checks what may be right at one time and wrong at another.
   *
   * @throws IllegalArgumentException if it cannot be used at that time
   */
  public void checkAt(Instant now) {
    if (tls != null) {
      tls.checkAt(now);
    }
  }
}
