package io.starling.api.oauth;

import io.starling.directory.Directory;
import io.starling.directory.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;

/**
 * Who may ask for tokens: the clients that every server accepts, for any user (their secrets are
 * public: they stand in the tools' sources, and protect nothing), and those that people made.
 */
final class OAuthClients {
  private static final Map<String, String> BUILT_IN =
      Map.of(
          "particle", "particle",
          "particle-api", "particle-api",
          "particle-cli", "particle-cli",
          "CLI2", "client_secret_here",
          "user", "client_secret_here");

  private final Directory directory;

  OAuthClients(Directory directory) {
    this.directory = directory;
  }

  /** What kind of client shows its secret. */
  enum Kind {
    NONE,
    /** For people who log in. */
    OF_PEOPLE,
    OF_A_PRODUCT
  }

  Kind kind(String id, String secret) {
    String known = BUILT_IN.get(id);
    if (known != null) {
      return isSame(known, secret) ? Kind.OF_PEOPLE : Kind.NONE;
    }
    return directory
        .client(id)
        .filter(client -> Secrets.matches(secret, client.secretHash()))
        .map(client -> client.product() == 0 ? Kind.OF_PEOPLE : Kind.OF_A_PRODUCT)
        .orElse(Kind.NONE);
  }

  private static boolean isSame(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
