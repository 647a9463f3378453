package io.starling.api.consent;

import io.starling.api.oauth.AskedScopes;
import io.starling.api.oauth.RedirectUri;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What a client asks for by way of its user's browser (RFC 6749, section 4.1.1). */
sealed interface Authorization {

  /** It can be granted. */
  record Asked(
      Entry.Client client,
      RedirectUri redirectUri,
      String state,
      String challenge,
      List<String> scopes)
      implements Authorization {

    /** The same as a form carries it. */
    Map<String, String> fields() {
      var fields = new LinkedHashMap<String, String>();
      fields.put("response_type", "code");
      fields.put("client_id", client.id());
      fields.put("redirect_uri", redirectUri.toString());
      fields.put("state", state);
      fields.put("scope", String.join(" ", scopes));
      fields.put("code_challenge", challenge);
      fields.put("code_challenge_method", "S256");
      return fields;
    }
  }

  /** It cannot, which the client is told. */
  record Refused(RedirectUri redirectUri, String state, String error, String description)
      implements Authorization {}

  /** It cannot, and nothing may be sent to where it says. */
  record Untrusted(String why) implements Authorization {}

  /** SHA-256 in base64url. */
  Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

  /** The longest state. */
  int MAX_STATE = 2_048;

  /** Reads one, of the query or of a form. */
  static Authorization read(Directory directory, Function<String, Optional<String>> parameter) {
    var client = parameter.apply("client_id").flatMap(directory::client);
    if (client.isEmpty()) {
      return new Untrusted("The program that sent you here is not known.");
    }
    var registered = Optional.ofNullable(client.get().redirectUri());
    var uri =
        parameter
            .apply("redirect_uri")
            .flatMap(RedirectUri::of)
            .filter(asked -> registered.filter(asked::isOf).isPresent());
    if (uri.isEmpty()) {
      return new Untrusted(
          "The program that sent you here wants the answer at an address that is not its own.");
    }
    return read(client.get(), uri.get(), parameter);
  }

  private static Authorization read(
      Entry.Client client, RedirectUri uri, Function<String, Optional<String>> parameter) {
    String state = parameter.apply("state").orElse("");
    if (state.length() > MAX_STATE) {
      return new Refused(uri, "", "invalid_request", "state is too long");
    }
    if (client.product() != 0) {
      return new Refused(uri, state, "unauthorized_client", "A product's client has no users here");
    }
    String type = parameter.apply("response_type").orElse("");
    if (!type.equals("code")) {
      return type.isEmpty()
          ? new Refused(uri, state, "invalid_request", "response_type is missing")
          : new Refused(uri, state, "unsupported_response_type", "response_type must be code");
    }
    String challenge = parameter.apply("code_challenge").orElse("");
    if (!CHALLENGE.matcher(challenge).matches()
        || !parameter.apply("code_challenge_method").orElse("plain").equals("S256")) {
      return new Refused(
          uri, state, "invalid_request", "code_challenge is required, with the method S256");
    }
    var scopes = AskedScopes.of(parameter.apply("scope"));
    return scopes.isEmpty()
        ? new Refused(uri, state, "invalid_scope", "scope must be scopes with spaces between")
        : new Asked(client, uri, state, challenge, scopes.get());
  }
}
