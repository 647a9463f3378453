package io.starling.api.oauth;

import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import io.starling.http.Answer;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may ask for tokens: the clients that every server accepts, for any user (their secrets are
 * public: they stand in the tools' sources, and protect nothing), and those that people made.
 */
public final class OAuthClients {
  private static final Map<String, String> BUILT_IN =
      Map.of(
          "particle", "particle",
          "particle-api", "particle-api",
          "particle-cli", "particle-cli",
          "CLI2", "client_secret_here",
          "user", "client_secret_here");
  private static final String INSTALLED = "installed";

  /** How they show their secrets, as RFC 8414 has it. */
  static final List<String> METHODS = List.of("client_secret_basic", "client_secret_post", "none");

  private final Directory directory;

  /** Those of this directory. */
  public OAuthClients(Directory directory) {
    this.directory = directory;
  }

  /** Whom a client is for. */
  public enum Kind {
    /** For people who log in. */
    OF_PEOPLE,
    OF_A_PRODUCT
  }

  /**
   * A client that asks.
   *
   * @param proved whether it showed its secret; else it is one that cannot keep any (RFC 6749,
   *     section 2.1), and is believed to be who it says
   * @param confidential whether its secret is one
   */
  public record Shown(String id, Kind kind, boolean proved, boolean confidential) {
    /** Whether it acts for a product, not for people who log in. */
    public boolean ofProduct() {
      return kind == Kind.OF_A_PRODUCT;
    }
  }

  /**
   * Who asks, by the body or by HTTP Basic (RFC 6749, section 2.3.1); empty if it is unknown, shows
   * a wrong secret, or shows none and has one to keep.
   */
  public Optional<Shown> shown(Exchange exchange) {
    var fields = exchange.fields();
    var id = fields.text("client_id");
    var basic = basic(exchange);
    if (id.isPresent() && (fields.has("client_secret") || basic.isEmpty())) {
      return shown(id.get(), fields.text("client_secret").orElse(""));
    }
    return basic
        .filter(known -> id.isEmpty() || id.get().equals(known.name()))
        .flatMap(known -> shown(known.name(), known.password()));
  }

  /** What came as HTTP Basic: each part is encoded as in a form (RFC 6749, section 2.3.1). */
  static Optional<Exchange.Basic> basic(Exchange exchange) {
    return exchange
        .basic()
        .map(raw -> new Exchange.Basic(decoded(raw.name()), decoded(raw.password())));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return text;
    }
  }

  private Optional<Shown> shown(String id, String secret) {
    String builtIn = BUILT_IN.get(id);
    if (builtIn != null) {
      return shown(id, Kind.OF_PEOPLE, secret, isSame(builtIn, secret), false);
    }
    return directory
        .client(id)
        .flatMap(
            client ->
                shown(
                    id,
                    client.product() == 0 ? Kind.OF_PEOPLE : Kind.OF_A_PRODUCT,
                    secret,
                    Secrets.matches(secret, client.secretHash()),
                    !isPublic(client)));
  }

  private static Optional<Shown> shown(
      String id, Kind kind, String secret, boolean right, boolean confidential) {
    boolean nothingToShow = secret.isEmpty() && !confidential;
    return right || nothingToShow
        ? Optional.of(new Shown(id, kind, right, confidential))
        : Optional.empty();
  }

  /** What is installed at its users' cannot keep a secret from them; a product's must. */
  private static boolean isPublic(Entry.Client client) {
    return client.type().equals(INSTALLED) && client.product() == 0;
  }

  /** What people are told who asks. */
  public String name(String id) {
    return directory.client(id).map(Entry.Client::name).orElse(id);
  }

  /** Nobody is such a client (RFC 6749, section 5.2); 401 only to who knows HTTP Basic. */
  public static Answer.Whole unknown(Exchange exchange) {
    String text = "Client credentials are invalid";
    return exchange.basic().isPresent() && !exchange.fields().has("client_secret")
        ? Errors.oauth(401, "invalid_client", text)
            .with("WWW-Authenticate", "Basic realm=\"Starling\"")
        : Errors.oauth(400, "invalid_client", text);
  }

  private static boolean isSame(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
