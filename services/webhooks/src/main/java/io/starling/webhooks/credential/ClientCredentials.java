package io.starling.webhooks.credential;

import io.starling.webhooks.request.Target;
import org.jspecify.annotations.Nullable;

/**
 * How a token for an endpoint is got: OAuth 2.0's client credentials grant (RFC 6749, section 4.4).
 * Never prints its secret.
 *
 * @param inBody whether id and secret go in the body, for servers that do not take them in the
 *     header
 */
public record ClientCredentials(
    Target tokenUrl,
    String clientId,
    String clientSecret,
    @Nullable String scope,
    @Nullable String audience,
    boolean inBody) {
  @Override
  public String toString() {
    return "ClientCredentials[" + tokenUrl.host() + ", " + clientId + "]";
  }
}
