package io.starling.api.oauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;

/**
 * The clients that every server accepts, for any user. Their secrets are public: they stand in the
 * tools' sources, and protect nothing.
 */
final class OAuthClients {
  private static final Map<String, String> BUILT_IN =
      Map.of(
          "particle", "particle",
          "particle-api", "particle-api",
          "particle-cli", "particle-cli",
          "CLI2", "client_secret_here",
          "user", "client_secret_here");

  private OAuthClients() {}

  static boolean accepts(String id, String secret) {
    String known = BUILT_IN.get(id);
    return known != null
        && MessageDigest.isEqual(
            known.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
  }
}
