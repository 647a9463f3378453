package io.starling.webhooks.request;

import io.starling.contract.Event;
import io.starling.webhooks.request.OutboundRequest.Header;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How an integration's requests look, compiled once per version of its configuration. Immutable and
 * thread-safe.
 */
public final class RequestTemplate implements Requests {
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
          "webhook-timestamp",
          "webhook-signature");

  private static final int MAX_BATCH_BYTES = 1 << 20;

  private final HttpMethod method;
  private final TextTemplate url;
  private final @Nullable Target constantTarget;
  private final Payload.Form query;
  private final @Nullable Payload payload;
  private final List<Payload.Pair> headers;
  private final @Nullable TextTemplate username;
  private final @Nullable TextTemplate password;
  private final boolean checksCertificate;
  private final boolean batched;

  /**
   * Compiles the properties of an integration.
   *
   * @throws IllegalArgumentException if any of them is not right, saying what to change
   */
  public RequestTemplate(JsonObject configuration) {
    var properties = new Properties(configuration);
    method = method(properties);
    batched = properties.has("batch");
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
    if (batched) {
      checkBatched();
    }
  }

  /** One request for several events: only its body can tell one from the other. */
  private void checkBatched() {
    if (!(payload instanceof Payload.JsonText)) {
      throw new IllegalArgumentException(
          "batch needs requestType POST or PUT and a JSON body: json or the default fields");
    }
    var texts =
        new ArrayList<>(Stream.of(url, username, password).filter(Objects::nonNull).toList());
    Stream.concat(query.pairs().stream(), headers.stream())
        .forEach(pair -> Collections.addAll(texts, pair.name(), pair.value()));
    if (!texts.stream().allMatch(TextTemplate::isConstant)) {
      throw new IllegalArgumentException(
          "batch needs the same url, query, headers and auth for all events: no templates in these");
    }
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
        return batched && inQuery
            ? null
            : Payload.JsonText.of(defaults && !inQuery, batched, source);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "json is not a well-formed template: " + e.getMessage(), e);
      }
    }
    if (properties.has("body")) {
      return new Payload.Text(Properties.template("body", properties.jsonSource("body")));
    }
    if (batched && !inQuery && defaults && !properties.has("form")) {
      return Payload.JsonText.of(true, true, "{}");
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
   * The one request for events: a batch has a JSON list of what each would have been by itself.
   * Where default fields are sent, each has its event's id besides ({@code event_id}, the beginning
   * of the {@code webhook-id} it would have had). What is no JSON goes as a JSON text.
   */
  @Override
  public OutboundRequest render(List<Event> events, String id) {
    return batched ? batch(events) : single(events);
  }

  private OutboundRequest batch(List<Event> events) {
    var body = Buffer.buffer();
    for (var event : events) {
      body.appendString(body.length() == 0 ? "[" : ",").appendBuffer(element(event));
      if (body.length() >= MAX_BATCH_BYTES && events.size() > 1) {
        throw new IllegalArgumentException("a batch of more than 1 MiB");
      }
    }
    return request(new EventVariables(events.getFirst()), body.appendString("]"));
  }

  /** What an event has of the body of a batch. */
  Buffer element(Event event) {
    var element = payload == null ? Buffer.buffer() : payload.render(new EventVariables(event));
    try {
      var _ = Json.decodeValue(element);
      return element;
    } catch (DecodeException _) {
      return Buffer.buffer(Json.encode(element.toString(StandardCharsets.UTF_8)));
    }
  }

  private OutboundRequest single(List<Event> events) {
    if (events.size() != 1) {
      throw new IllegalArgumentException("no batches are wanted");
    }
    var variables = new EventVariables(events.getFirst());
    return request(variables, payload == null ? null : payload.render(variables));
  }

  private OutboundRequest request(EventVariables variables, @Nullable Buffer body) {
    var target = constantTarget == null ? Target.of(url.render(variables)) : constantTarget;
    if (query.defaults() || !query.pairs().isEmpty()) {
      target = target.with(query.fields(variables).toString());
    }
    return new OutboundRequest(method, target, headers(variables), body, checksCertificate);
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
