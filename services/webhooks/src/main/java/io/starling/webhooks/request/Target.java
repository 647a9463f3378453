package io.starling.webhooks.request;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Whom a request goes to, and what for.
 *
 * @param path with the query, starts with a slash
 */
public record Target(boolean ssl, String host, int port, String path) {

  /**
   * Reads an absolute URL; its fragment is left out.
   *
   * @throws IllegalArgumentException if it is none of http or https, with the reason
   */
  public static Target of(String url) {
    var uri = parse(url);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("url must start with http:// or https://");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("url has no valid host name");
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException("url contains a user name: use auth for that");
    }
    boolean ssl = scheme.equals("https");
    int port = uri.getPort() >= 0 ? uri.getPort() : ssl ? 443 : 80;
    if (port == 0 || port > 65_535) {
      throw new IllegalArgumentException("url has no valid port");
    }
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery();
    return new Target(ssl, uri.getHost(), port, query == null ? path : path + "?" + query);
  }

  private static URI parse(String url) {
    try {
      return new URI(url.strip());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("url is not valid: " + e.getReason(), e);
    }
  }

  /** The same with more in its query. */
  Target with(String more) {
    char joint = path.indexOf('?') < 0 ? '?' : '&';
    return more.isEmpty() ? this : new Target(ssl, host, port, path + joint + more);
  }
}
