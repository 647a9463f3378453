package io.starling.accounts.provider;

import io.starling.contract.OidcReply;
import io.starling.contract.OidcRequest.Origin;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What somebody is to show whom a provider vouches for.
 *
 * @param email of the account
 * @param link what the account's password links with it; empty if that was done before
 */
record Proof(String provider, Origin origin, String email, Optional<IdentityStore.Link> link) {
  Proof(Away away, String email, Optional<IdentityStore.Link> link) {
    this(away.provider(), away.origin(), email, link);
  }

  JsonObject json() {
    var json =
        new JsonObject()
            .put("provider", provider)
            .put("origin", Origins.json(origin))
            .put("email", email);
    link.ifPresent(
        it ->
            json.put(
                "link",
                new JsonObject()
                    .put("issuer", it.issuer())
                    .put("subject", it.subject())
                    .put("email", it.email())));
    return json;
  }

  static Proof of(JsonObject json) {
    String provider = json.getString("provider");
    return new Proof(
        provider,
        Origins.read(json.getJsonObject("origin")),
        json.getString("email"),
        Optional.ofNullable(json.getJsonObject("link"))
            .map(
                it ->
                    new IdentityStore.Link(
                        it.getString("issuer"),
                        it.getString("subject"),
                        provider,
                        it.getString("email"))));
  }

  OidcReply.ProofNeeded needed(String secret, String name, boolean otp) {
    return new OidcReply.ProofNeeded(secret, name, email, link.isPresent(), otp);
  }
}
