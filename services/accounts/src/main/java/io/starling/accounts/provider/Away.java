package io.starling.accounts.provider;

import io.starling.contract.OidcReply;
import io.starling.contract.OidcReply.Refused.Reason;
import io.starling.contract.OidcRequest.Origin;
import io.starling.directory.Secrets;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Somebody who was sent to a provider.
 *
 * @param state tells the way back from others
 * @param browser what only the browser knows; of one that came back its hash
 * @param nonce ties the ID token to this
 * @param verifier shows the provider who began this (RFC 7636)
 */
record Away(
    String provider,
    String name,
    String state,
    String browser,
    String nonce,
    String verifier,
    Origin origin) {

  @Override
  public String toString() {
    return "Away[" + provider + "]";
  }

  static Away begin(OidcProvider settings, Origin origin) {
    return new Away(
        settings.id(),
        settings.name(),
        Secrets.newDeviceSecret(),
        Secrets.newDeviceSecret(),
        Secrets.newDeviceSecret(),
        Secrets.newDeviceSecret(),
        origin);
  }

  /** SHA-256 of the verifier, in base64url. */
  String challenge() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** As it is kept, with a hash of what the browser has. */
  JsonObject json() {
    return new JsonObject()
        .put("provider", provider)
        .put("name", name)
        .put("browser", Secrets.hash(browser))
        .put("nonce", nonce)
        .put("verifier", verifier)
        .put("origin", Origins.json(origin));
  }

  /** What was kept. */
  static Away of(String state, JsonObject json) {
    return new Away(
        json.getString("provider"),
        json.getString("name"),
        state,
        json.getString("browser"),
        json.getString("nonce"),
        json.getString("verifier"),
        Origins.read(json.getJsonObject("origin")));
  }

  /** Whether this browser went away, of what was kept. */
  boolean isOf(String shown) {
    return Secrets.matches(shown, browser);
  }

  OidcReply.Refused refused(Reason reason) {
    return new OidcReply.Refused(reason, name, origin);
  }
}
