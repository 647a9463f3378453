package io.starling.api.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the answer of a client's user may go (RFC 9700, section 2.1): over https, or to the user's
 * own machine; compared character by character.
 */
public final class RedirectUri {
  private static final int MAX_LENGTH = 512;
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]");

  private final URI uri;

  private RedirectUri(URI uri) {
    this.uri = uri;
  }

  /** Reads one; empty if it is none to which an answer may go. */
  public static Optional<RedirectUri> of(String text) {
    try {
      var uri = new URI(text);
      boolean plain =
          text.length() <= MAX_LENGTH
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawFragment() == null;
      boolean safe =
          "https".equals(uri.getScheme())
              || ("http".equals(uri.getScheme())
                  && (isLoopback(uri) || "localhost".equals(uri.getHost())));
      return plain && safe ? Optional.of(new RedirectUri(uri)) : Optional.empty();
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  private static boolean isLoopback(URI uri) {
    return "http".equals(uri.getScheme()) && LOOPBACK.contains(String.valueOf(uri.getHost()));
  }

  /**
   * Tells whether this is what was registered; on the user's own machine at any port, for a program
   * there takes the one that is free (RFC 8252, section 7.3).
   */
  public boolean isOf(String registered) {
    if (uri.toString().equals(registered)) {
      return true;
    }
    return of(registered)
        .filter(known -> isLoopback(known.uri) && isLoopback(uri))
        .map(known -> known.withoutPort().equals(withoutPort()))
        .orElse(false);
  }

  private String withoutPort() {
    String query = uri.getRawQuery();
    return uri.getHost() + uri.getRawPath() + (query == null ? "" : "?" + query);
  }

  /** What a policy for pages calls its server. */
  public String origin() {
    // No policy can name an IPv6 address.
    return uri.getHost().startsWith("[") ? uri.getScheme() + ":" : uri.getScheme() + "://" + host();
  }

  /** Its server, as people are shown it. */
  public String host() {
    return uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
  }

  /** It with more in its query. */
  public String with(Map<String, String> parameters) {
    String text = uri.toString();
    String added =
        parameters.entrySet().stream()
            .map(
                one ->
                    one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    if (uri.getRawQuery() == null) {
      return text + "?" + added;
    }
    return text + (uri.getRawQuery().isEmpty() ? "" : "&") + added;
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
