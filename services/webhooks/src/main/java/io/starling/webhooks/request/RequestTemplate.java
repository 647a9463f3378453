package io.starling.webhooks.request;

import io.starling.contract.Event;
import io.starling.webhooks.request.OutboundRequest.Header;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How an integration's requests look, compiled once per version of its configuration. Immutable and
 * thread-safe.
 */
public final class RequestTemplate {
  private static final Set<HttpMethod> METHODS =
      Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE);
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /** Headers that belong to the connection, or that every attempt sets itself. */
  private static final Set<String> OURS =
      Set.of(
          "host",
          "connection",
          "content-length",
          "expect",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "webhook-id",
          "webhook-timestamp");

  private final HttpMethod method;
  private final TextTemplate url;
  private final @Nullable Target constantTarget;
  private final Payload.Form query;
  private final @Nullable Payload payload;
  private final List<Payload.Pair> headers;
  private final @Nullable TextTemplate username;
  private final @Nullable TextTemplate password;
  private final boolean checksCertificate;

  /**
   * Compiles the properties of an integration.
   *
   * @throws IllegalArgumentException if any of them is not right, saying what to change
   */
  public RequestTemplate(JsonObject configuration) {
    var properties = new Properties(configuration);
    method = method(properties);
    url = url(properties);
    constantTarget = url.isConstant() ? Target.of(properties.text("url").orElse("")) : null;
    boolean defaults = !properties.flag("noDefaults", false);
    boolean inQuery = method.equals(HttpMethod.GET) || method.equals(HttpMethod.DELETE);
    payload = payload(properties, defaults, inQuery);
    query = new Payload.Form(defaults && inQuery, queryPairs(properties));
    headers = properties.pairs("headers");
    var auth = properties.object("auth");
    username = auth == null ? null : credential(auth, "username");
    password = auth == null ? null : credential(auth, "password");
    checksCertificate = properties.flag("rejectUnauthorized", true);
  }

  private static HttpMethod method(Properties properties) {
    String name = properties.text("requestType").orElse("POST").toUpperCase(Locale.ROOT);
    var method = HttpMethod.valueOf(name);
    if (!METHODS.contains(method)) {
      throw new IllegalArgumentException("requestType must be GET, POST, PUT or DELETE");
    }
    return method;
  }

  private static TextTemplate url(Properties properties) {
    String source =
        properties.text("url").orElseThrow(() -> new IllegalArgumentException("url is required"));
    return Properties.template("url", source, TextTemplate.Form.URL);
  }

  private @Nullable Payload payload(Properties properties, boolean defaults, boolean inQuery) {
    if (Stream.of("json", "form", "body").filter(properties::has).count() > 1) {
      throw new IllegalArgumentException("only one of json, form and body may be given");
    }
    if (properties.has("json")) {
      String source = properties.jsonSource("json");
      try {
        return Payload.JsonText.of(defaults && !inQuery, source);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "json is not a well-formed template: " + e.getMessage(), e);
      }
    }
    if (properties.has("body")) {
      return new Payload.Text(Properties.template("body", properties.jsonSource("body")));
    }
    var form = new Payload.Form(defaults && !inQuery, properties.pairs("form"));
    return method.equals(HttpMethod.GET) || (!form.defaults() && form.pairs().isEmpty())
        ? null
        : form;
  }

  private List<Payload.Pair> queryPairs(Properties properties) {
    var pairs = new ArrayList<>(properties.pairs("query"));
    if (method.equals(HttpMethod.GET)) {
      pairs.addAll(properties.pairs("form"));
    }
    return List.copyOf(pairs);
  }

  private static TextTemplate credential(JsonObject auth, String name) {
    Object value = auth.getValue(name);
    return Properties.template("auth", value == null ? "" : value.toString());
  }

  /**
   * The request for an event.
   *
   * @throws IllegalArgumentException if there is none that could be sent, with the reason
   */
  public OutboundRequest render(Event event) {
    var variables = new EventVariables(event);
    var target = constantTarget == null ? Target.of(url.render(variables)) : constantTarget;
    if (query.defaults() || !query.pairs().isEmpty()) {
      target = target.with(query.fields(variables).toString());
    }
    return new OutboundRequest(
        method,
        target,
        headers(variables),
        payload == null ? null : payload.render(variables),
        checksCertificate);
  }

  private List<Header> headers(EventVariables variables) {
    var all = new ArrayList<Header>(4);
    if (payload != null) {
      all.add(new Header("content-type", payload.contentType()));
    }
    if (username != null && password != null) {
      String pair = username.render(variables) + ":" + password.render(variables);
      String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
      all.add(new Header("authorization", "Basic " + basic));
    }
    for (var header : headers) {
      String name = header.name().render(variables).strip().toLowerCase(Locale.ROOT);
      if (TOKEN.matcher(name).matches() && !OURS.contains(name)) {
        all.removeIf(other -> other.name().equals(name));
        all.add(new Header(name, oneLine(header.value().render(variables))));
      }
    }
    return all;
  }

  /** A value that ends its header early would let data write headers. */
  private static String oneLine(String value) {
    var line = new StringBuilder(value.length());
    value.chars().forEach(c -> line.append((c < ' ' && c != '\t') || c == 0x7f ? ' ' : (char) c));
    return line.toString().strip();
  }
}
