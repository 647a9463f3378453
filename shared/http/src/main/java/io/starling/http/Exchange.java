package io.starling.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One request as routes see it. Names in the path are percent-decoded, once. Belongs to the
 * request's context.
 */
public final class Exchange {
  private static final String PATTERN = "pattern";
  private static final String REQUEST = "request";
  private static final String PRINCIPAL = "principal";
  private static final String FIELDS = "fields";
  private static final int MAX_AGENT = 120;

  private final RoutingContext context;
  private final Fields fields;
  private final boolean forwarded;
  private final @Nullable Principal principal;

  Exchange(
      RoutingContext context, Fields fields, boolean forwarded, @Nullable Principal principal) {
    this.context = context;
    this.fields = fields;
    this.forwarded = forwarded;
    this.principal = principal;
  }

  /** A request as it stands when it is answered. */
  static Exchange answered(RoutingContext context, boolean forwarded) {
    Fields fields = context.get(FIELDS);
    return new Exchange(
        context, fields == null ? Fields.none() : fields, forwarded, context.get(PRINCIPAL));
  }

  /** One whose body was read. */
  static Exchange read(RoutingContext context, Fields fields, boolean forwarded) {
    context.put(FIELDS, fields);
    return new Exchange(context, fields, forwarded, null);
  }

  /** Notes which route it is. */
  static void of(RoutingContext context, String pattern) {
    context.put(PATTERN, pattern);
  }

  /** Gives a request what tells it from others, and tells the client. */
  static void name(RoutingContext context) {
    String id =
        HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong())
            + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    context.put(REQUEST, id).response().putHeader("X-Request-Id", id);
  }

  Exchange as(Principal known) {
    context.put(PRINCIPAL, known);
    return new Exchange(context, fields, forwarded, known);
  }

  /** Who asks. Only routes that need a token may ask this. */
  public Principal principal() {
    if (principal == null) {
      throw new IllegalStateException("a route without token asks for the principal");
    }
    return principal;
  }

  /** Who asks, if that is known. */
  public Optional<Principal> known() {
    return Optional.ofNullable(principal);
  }

  /** The method and the route's pattern, such as {@code PUT /v1/devices/:device}. */
  public String route() {
    return request().method().name() + " " + context.<String>get(PATTERN, "none");
  }

  /** What tells this request from others; the answer has it as {@code X-Request-Id}. */
  public String requestId() {
    return context.get(REQUEST, "");
  }

  /** What the client says that it is, cut, and without what is no text. */
  public String agent() {
    String agent = request().getHeader(HttpHeaders.USER_AGENT);
    return agent == null
        ? ""
        : agent.substring(0, Math.min(MAX_AGENT, agent.length())).replaceAll("[^ -~]", "?");
  }

  /** What a {@code :name} of the path stands for. */
  public String path(String name) {
    return context.pathParams().getOrDefault(name, "");
  }

  /** Tells whether the route's path has this {@code :name}. */
  public boolean hasPath(String name) {
    return context.pathParams().containsKey(name);
  }

  /** The path from the n-th slash on (the first is 0), without it: what {@code /*} stands for. */
  public String pathAfter(int slash) {
    String path = context.normalizedPath();
    int at = -1;
    for (int i = 0; i <= slash; i++) {
      at = path.indexOf('/', at + 1);
      if (at < 0) {
        return "";
      }
    }
    // A plus sign is a plus sign in a path.
    return URLDecoder.decode(path.substring(at + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** A parameter of the query. */
  public Optional<String> query(String name) {
    return context.queryParam(name).stream().findFirst();
  }

  /** What the body said. */
  public Fields fields() {
    return fields;
  }

  /** Tells whether the body is a multipart one, which the route itself is to read. */
  public boolean isUpload() {
    return request().isExpectMultipart();
  }

  /** A field of the body, or else a parameter of the query. */
  public Optional<String> fieldOrQuery(String name) {
    return fields.text(name).or(() -> query(name));
  }

  /** The token that came along: as a header, in the query, or in the body. */
  public Optional<String> token() {
    String header = request().getHeader(HttpHeaders.AUTHORIZATION);
    if (header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return Optional.of(header.substring(7).strip()).filter(token -> !token.isEmpty());
    }
    return fieldOrQuery("access_token").filter(token -> !token.isEmpty());
  }

  /** A name and a password that came as HTTP Basic (RFC 7617). */
  public record Basic(String name, String password) {
    @Override
    public String toString() {
      return "Basic[" + name + "]";
    }
  }

  /** What came as HTTP Basic; empty if nothing did that can be read. */
  public Optional<Basic> basic() {
    String header = request().getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
      return Optional.empty();
    }
    try {
      byte[] pair = Base64.getDecoder().decode(header.substring(6).strip());
      String[] parts = new String(pair, StandardCharsets.UTF_8).split(":", 2);
      return parts.length == 2 ? Optional.of(new Basic(parts[0], parts[1])) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** The address of the client; with a trusted proxy in front, as that one tells. */
  public String clientAddress() {
    return clientAddress(request(), forwarded);
  }

  static String clientAddress(HttpServerRequest request, boolean forwarded) {
    String told = forwarded ? request.getHeader("X-Forwarded-For") : null;
    if (told != null) {
      // The last entry is the proxy's own word; those before it are anybody's.
      return told.substring(told.lastIndexOf(',') + 1).strip();
    }
    var address = request.remoteAddress();
    return address == null || address.hostAddress() == null ? "" : address.hostAddress();
  }

  /**
   * This server as the client addressed it, such as {@code http://127.0.0.1:8080}; with a trusted
   * proxy in front, over https if that one tells so.
   */
  public String baseUrl() {
    var authority = request().authority();
    boolean https = forwarded && "https".equalsIgnoreCase(request().getHeader("X-Forwarded-Proto"));
    return (https ? "https" : request().scheme())
        + "://"
        + (authority == null ? "localhost" : authority.toString());
  }

  /** The request itself, for routes that write their answer. */
  public HttpServerRequest request() {
    return context.request();
  }
}
