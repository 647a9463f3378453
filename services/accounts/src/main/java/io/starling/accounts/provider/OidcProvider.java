package io.starling.accounts.provider;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A provider as the operator sets it.
 *
 * @param id in paths and in the audit; stays as it is
 * @param name as people know it
 * @param issuer as the provider writes itself
 */
public record OidcProvider(
    String id, String name, String issuer, String clientId, String clientSecret) {
  private static final int MOST = 20;
  private static final int MAX_LENGTH = 2_048;
  private static final Set<String> FIELDS =
      Set.of("id", "name", "issuer", "clientId", "clientSecret");

  @Override
  public String toString() {
    return "OidcProvider[" + id + ", " + issuer + "]";
  }

  /**
   * Reads a file: a JSON array of objects with these fields.
   *
   * @throws IllegalArgumentException with all that is wrong, and no value of it
   */
  public static List<OidcProvider> read(String file) {
    if (file.isBlank()) {
      return List.of();
    }
    JsonArray array;
    try {
      array = new JsonArray(Files.readString(Path.of(file), StandardCharsets.UTF_8));
    } catch (IOException _) {
      throw new IllegalArgumentException("cannot be read");
    } catch (DecodeException | ClassCastException _) {
      // What Jackson says would quote the file.
      throw new IllegalArgumentException("must hold a JSON array");
    }
    var mistakes = new ArrayList<String>();
    var ids = new HashSet<String>();
    var issuers = new HashSet<String>();
    var providers = new ArrayList<OidcProvider>();
    for (int i = 0; i < array.size(); i++) {
      String which = "provider " + (i + 1) + ": ";
      if (!(array.getValue(i) instanceof JsonObject json)) {
        mistakes.add(which + "must be an object");
        continue;
      }
      var provider = of(json, which, mistakes);
      if (!ids.add(provider.id())) {
        mistakes.add(which + "there is another of this id");
      }
      if (!issuers.add(provider.issuer())) {
        mistakes.add(which + "there is another of this issuer");
      }
      providers.add(provider);
    }
    if (array.size() > MOST) {
      mistakes.add("there may be " + MOST + " providers");
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
    return List.copyOf(providers);
  }

  private static OidcProvider of(JsonObject json, String which, List<String> mistakes) {
    for (String field : json.fieldNames()) {
      if (!FIELDS.contains(field)) {
        mistakes.add(which + "there is no field " + field.replaceAll("[^\\w-]", "?"));
      }
    }
    String id = text(json, "id", which, mistakes);
    if (!id.matches("[a-z0-9-]{0,40}")) {
      mistakes.add(which + "id must be small letters, digits and dashes");
    }
    String issuer = text(json, "issuer", which, mistakes);
    if (!issuer.isEmpty() && !isIssuer(issuer)) {
      mistakes.add(
          which + "issuer must be an https URL without query and fragment; http on loopback only");
    }
    return new OidcProvider(
        id,
        text(json, "name", which, mistakes),
        issuer,
        text(json, "clientId", which, mistakes),
        text(json, "clientSecret", which, mistakes));
  }

  private static String text(JsonObject json, String field, String which, List<String> mistakes) {
    if (json.getValue(field) instanceof String text
        && !text.isBlank()
        && text.length() <= MAX_LENGTH) {
      return text;
    }
    mistakes.add(which + field + " must be a text");
    return "";
  }

  private static boolean isIssuer(String text) {
    try {
      var url = URI.create(text);
      return isSafe(url)
          && url.getQuery() == null
          && url.getFragment() == null
          && url.getUserInfo() == null;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** Whether secrets may go there. */
  static boolean isSafe(URI url) {
    String host = url.getHost();
    if (host == null) {
      return false;
    }
    boolean loopback = host.matches("127\\.\\d+\\.\\d+\\.\\d+") || host.equals("[::1]");
    return "https".equals(url.getScheme()) || (loopback && "http".equals(url.getScheme()));
  }
}
