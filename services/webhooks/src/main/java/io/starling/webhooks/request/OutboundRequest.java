package io.starling.webhooks.request;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request as an integration wants it, without what every attempt adds.
 *
 * @param headers names in lower case, content type included
 * @param checksCertificate whether the other side must prove who it is (https only)
 */
public record OutboundRequest(
    HttpMethod method,
    Target target,
    List<Header> headers,
    @Nullable Buffer body,
    boolean checksCertificate) {

  /** One header. */
  public record Header(String name, String value) {}
}
