package io.starling.accounts.passkey;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.CollectedClientData;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.data.extension.authenticator.AuthenticationExtensionsAuthenticatorOutputs;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.exception.MaliciousCounterValueException;
import io.starling.contract.AccountId;
import io.starling.contract.PasskeysRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom passkeys are for (WebAuthn: the relying party): what authenticators are asked, and whether
 * what they answer holds, by webauthn4j. Reads and computes only, about a millisecond.
 */
public final class RelyingParty {
  private static final Logger LOG = LoggerFactory.getLogger(RelyingParty.class);

  /** As {@link ChallengeStore} has it. */
  private static final int TIMEOUT_MILLIS = 300_000;

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*");
  private static final String TYPE = "public-key";

  /** The ones that the whole of WebAuthn is about, the first the one to be preferred. */
  private static final List<PublicKeyCredentialParameters> ALGORITHMS =
      List.of(
          algorithm(COSEAlgorithmIdentifier.ES256),
          algorithm(COSEAlgorithmIdentifier.EdDSA),
          algorithm(COSEAlgorithmIdentifier.RS256));

  private final Origin origin;
  private final String id;
  private final WebAuthnManager manager;
  private final AttestedCredentialDataConverter attested;

  private RelyingParty(Origin origin, String id) {
    var json = new ObjectConverter();
    this.origin = origin;
    this.id = id;
    this.manager = WebAuthnManager.createNonStrictWebAuthnManager(json);
    this.attested = new AttestedCredentialDataConverter(json);
    // What is synced has no one counter, and says nothing by it.
    manager
        .getAuthenticationDataVerifier()
        .setMaliciousCounterValueHandler(
            seen -> {
              if (!seen.getAuthenticatorData().isFlagBE()) {
                throw new MaliciousCounterValueException("the counter went back");
              }
            });
  }

  private static PublicKeyCredentialParameters algorithm(COSEAlgorithmIdentifier algorithm) {
    return new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, algorithm);
  }

  /**
   * That of a region.
   *
   * @param url the API as people reach it
   */
  public static RelyingParty at(String url) {
    var origin = Origin.create(url);
    return new RelyingParty(origin, URI.create(url).getHost());
  }

  /** Tells whether it has a name: for a mere address, browsers make no passkeys. */
  boolean hasName() {
    return !ADDRESS.matcher(id).matches();
  }

  /** What an authenticator is asked to make a passkey for, beside those that there are. */
  String creation(String challenge, AccountId account, String email, List<Buffer> there) {
    var user =
        new JsonObject()
            .put("id", base64(bytes(account.toString())))
            .put("name", email)
            .put("displayName", email);
    var algorithms = new JsonArray();
    for (var one : ALGORITHMS) {
      algorithms.add(new JsonObject().put("type", TYPE).put("alg", one.getAlg().getValue()));
    }
    var exclude = new JsonArray();
    for (var credential : there) {
      exclude.add(new JsonObject().put("type", TYPE).put("id", base64(credential.getBytes())));
    }
    var selection =
        new JsonObject()
            .put("residentKey", "required")
            .put("requireResidentKey", true)
            .put("userVerification", "required");
    return new JsonObject()
        .put("rp", new JsonObject().put("id", id).put("name", "Starling"))
        .put("user", user)
        .put("challenge", base64(bytes(challenge)))
        .put("pubKeyCredParams", algorithms)
        .put("timeout", TIMEOUT_MILLIS)
        .put("excludeCredentials", exclude)
        .put("authenticatorSelection", selection)
        .put("attestation", "none")
        .encode();
  }

  /** What an authenticator is asked, whoever has it. */
  String request(String challenge) {
    return new JsonObject()
        .put("challenge", base64(bytes(challenge)))
        .put("timeout", TIMEOUT_MILLIS)
        .put("rpId", id)
        .put("allowCredentials", new JsonArray())
        .put("userVerification", "required")
        .encode();
  }

  /** A new passkey as it came; nothing of it is known to hold. */
  record Attestation(String challenge, RegistrationData data) {}

  /** What a passkey signed, as it came; nothing of it is known to hold. */
  record Assertion(String challenge, Buffer credential, AuthenticationData data) {}

  /** Reads a new passkey; empty if it is none. */
  Optional<Attestation> attestation(String credential) {
    return read(
        credential,
        () -> {
          var data = manager.parseRegistrationResponseJSON(credential);
          return new Attestation(challenge(data.getCollectedClientData()), data);
        });
  }

  /** Reads what a passkey signed; empty if it is nothing such. */
  Optional<Assertion> assertion(String credential) {
    return read(
        credential,
        () -> {
          var data = manager.parseAuthenticationResponseJSON(credential);
          return new Assertion(
              challenge(data.getCollectedClientData()),
              Buffer.buffer(data.getCredentialId()),
              data);
        });
  }

  private static String challenge(CollectedClientData client) {
    return new String(client.getChallenge().getValue(), StandardCharsets.US_ASCII);
  }

  private static <T> Optional<T> read(String credential, Supplier<T> reader) {
    return credential.length() > PasskeysRequest.MAX_CREDENTIAL ? Optional.empty() : held(reader);
  }

  /** What is to be kept of a new passkey; empty if it does not hold. */
  Optional<PasskeyStore.Key> check(Attestation told) {
    return held(
        () -> {
          var data =
              manager.verify(
                  told.data(),
                  new RegistrationParameters(server(told.challenge()), ALGORITHMS, true, true));
          if (Boolean.TRUE.equals(data.getCollectedClientData().getCrossOrigin())) {
            throw new IllegalArgumentException("made within another site's page");
          }
          var made = data.getAttestationObject().getAuthenticatorData();
          var key = made.getAttestedCredentialData();
          if (key == null) {
            throw new IllegalArgumentException("there is no key");
          }
          return new PasskeyStore.Key(
              Buffer.buffer(key.getCredentialId()),
              Buffer.buffer(attested.convert(key)),
              made.isFlagBE(),
              new PasskeyStore.State(made.getSignCount(), made.isFlagBS()));
        });
  }

  /** How a passkey stands after it was used; empty if what it signed does not hold. */
  Optional<PasskeyStore.State> check(Assertion told, PasskeyStore.Known known) {
    return held(
        () -> {
          byte[] user = told.data().getUserHandle();
          if (user == null || !MessageDigest.isEqual(user, bytes(known.account().toString()))) {
            throw new IllegalArgumentException("of somebody else, or of nobody");
          }
          var parameters =
              new AuthenticationParameters(
                  server(told.challenge()), record(known), null, true, true);
          var signed = manager.verify(told.data(), parameters).getAuthenticatorData();
          return new PasskeyStore.State(signed.getSignCount(), signed.isFlagBS());
        });
  }

  private CredentialRecordImpl record(PasskeyStore.Known known) {
    return new CredentialRecordImpl(
        new NoneAttestationStatement(),
        true,
        known.synced(),
        known.state().backedUp(),
        known.state().signCount(),
        attested.convert(known.attested().getBytes()),
        new AuthenticationExtensionsAuthenticatorOutputs<>(),
        null,
        null,
        null);
  }

  private ServerProperty server(String challenge) {
    return new ServerProperty(origin, id, new DefaultChallenge(bytes(challenge)));
  }

  /** Whatever the library throws at what anybody may have sent, it does not hold. */
  private static <T> Optional<T> held(Supplier<T> work) {
    try {
      return Optional.of(work.get());
    } catch (RuntimeException e) {
      LOG.debug("A passkey does not hold: {}", e.toString());
      return Optional.empty();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
