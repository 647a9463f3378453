package io.starling.webhooks.request;

import io.starling.contract.Event;
import io.starling.webhooks.request.TextTemplate.Form;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A system of the customer's that takes events as its own messages, instead of a webhook. Immutable
 * and thread-safe.
 *
 * @param kind what it speaks
 * @param secure whether over TLS
 * @param hosts where it is
 * @param virtualHost the part of it that AMQP asks for
 * @param topic of the messages; for AMQP the exchange, empty for the default one
 * @param key of the messages, for Kafka; for AMQP the routing key
 * @param credentials null if it lets in anybody
 */
public record Broker(
    Kind kind,
    boolean secure,
    List<Host> hosts,
    String virtualHost,
    TextTemplate topic,
    TextTemplate key,
    @Nullable Credentials credentials) {
  private static final List<String> ONLY_OF_WEBHOOKS =
      List.of("form", "query", "batch", "requestType", "oauth2");
  private static final int MOST_HOSTS = 10;

  /** Kafka keeps messages of one key in order. */
  private static final String DEVICE = "{{{PARTICLE_DEVICE_ID}}}";

  private static final String EVENT = "{{{PARTICLE_EVENT_NAME}}}";

  private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._-]+)(?::(\\d{1,5}))?");

  /** The kinds there are, by the names that {@code integration_type} has for them. */
  public enum Kind {
    KAFKA("Kafka", "kafka", 9092, 9093),
    MQTT("MQTT", "mqtt", 1883, 8883),
    AMQP("AMQP", "amqp", 5672, 5671);

    private final String type;
    private final String scheme;
    private final int port;
    private final int securePort;

    Kind(String type, String scheme, int port, int securePort) {
      this.type = type;
      this.scheme = scheme;
      this.port = port;
      this.securePort = securePort;
    }

    /** As {@code integration_type} says it. */
    public String type() {
      return type;
    }
  }

  /** One of its addresses. */
  public record Host(String name, int port) {
    @Override
    public String toString() {
      return name + ":" + port;
    }
  }

  /** Who we are to it. */
  public record Credentials(String username, String password) {
    @Override
    public String toString() {
      return "Credentials[" + username + "]";
    }
  }

  /**
   * Reads the properties of an integration.
   *
   * @return null if it is a webhook
   * @throws IllegalArgumentException if any of them is not right, saying what to change
   */
  public static @Nullable Broker of(JsonObject configuration) {
    var properties = new Properties(configuration);
    String type = properties.text("integration_type", "integrationType").orElse("");
    for (var kind : Kind.values()) {
      if (kind.type.equals(type)) {
        return of(kind, properties);
      }
    }
    return null;
  }

  private static Broker of(Kind kind, Properties properties) {
    if (properties.has("tls")) {
      throw new IllegalArgumentException("tls is for webhooks and buckets only");
    }
    var url = url(kind, properties.text("url").orElse(""));
    boolean secure = url.getScheme().length() > kind.scheme.length();
    return new Broker(
        kind,
        secure,
        hosts(url, secure ? kind.securePort : kind.port),
        virtualHost(url),
        topic(kind, properties),
        template(properties, "key", kind == Kind.AMQP ? EVENT : DEVICE),
        credentials(properties));
  }

  private static TextTemplate topic(Kind kind, Properties properties) {
    return switch (kind) {
      case KAFKA ->
          properties
              .template("topic", Form.NAME)
              .orElseThrow(() -> new IllegalArgumentException("topic is required"));
      case MQTT -> template(properties, "topic", EVENT);
      case AMQP -> template(properties, "exchange", "");
    };
  }

  private static TextTemplate template(Properties properties, String name, String otherwise) {
    return properties
        .template(name, Form.NAME)
        .orElseGet(() -> TextTemplate.of(otherwise, Form.NAME));
  }

  private static URI url(Kind kind, String text) {
    boolean amqp = kind == Kind.AMQP;
    String form = kind.scheme + "://host:port" + (amqp ? "/virtual-host" : "");
    try {
      var url = new URI(text);
      String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
      boolean ours = scheme.equals(kind.scheme) || scheme.equals(kind.scheme + "s");
      if (!ours || url.getRawAuthority() == null) {
        throw new IllegalArgumentException("url must be " + form + ", or " + kind.scheme + "s://…");
      }
      if (url.getRawAuthority().indexOf('@') >= 0) {
        throw new IllegalArgumentException("url contains a user name: use auth for that");
      }
      boolean more = url.getRawQuery() != null || url.getRawFragment() != null;
      if (more || !url.getRawPath().matches(amqp ? "(/[^/]*)?" : "")) {
        throw new IllegalArgumentException("url must be " + form + " and nothing behind it");
      }
      return url;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("url must be " + form, e);
    }
  }

  /** As in URLs of AMQP: one segment, in which a slash is %2F. The usual one is called "/". */
  private static String virtualHost(URI url) {
    String path = url.getPath();
    return path.length() <= 1 ? "/" : path.substring(1);
  }

  private static List<Host> hosts(URI url, int port) {
    var hosts = new ArrayList<Host>();
    for (String text : url.getRawAuthority().split(",", -1)) {
      hosts.add(host(text, port));
    }
    if (hosts.size() > MOST_HOSTS) {
      throw new IllegalArgumentException("url names more than " + MOST_HOSTS + " hosts");
    }
    return List.copyOf(hosts);
  }

  private static Host host(String text, int port) {
    var match = HOST.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException("url has no valid host: " + text);
    }
    int given = match.group(2) == null ? port : Integer.parseInt(match.group(2));
    if (given == 0 || given > 65_535) {
      throw new IllegalArgumentException("url has no valid port: " + text);
    }
    return new Host(match.group(1).toLowerCase(Locale.ROOT), given);
  }

  private static @Nullable Credentials credentials(Properties properties) {
    var auth = properties.object("auth");
    if (auth == null || auth.isEmpty()) {
      return null;
    }
    if (!(auth.getValue("username") instanceof String username)
        || !(auth.getValue("password") instanceof String password)) {
      throw new IllegalArgumentException("auth needs username and password, both texts");
    }
    return new Credentials(username, password);
  }

  /**
   * The configuration of a webhook whose bodies and headers are those of the messages.
   *
   * @throws IllegalArgumentException if it has what only webhooks have
   */
  public static JsonObject asWebhook(JsonObject configuration) {
    for (String name : ONLY_OF_WEBHOOKS) {
      if (new Properties(configuration).has(name)) {
        throw new IllegalArgumentException(name + " is for webhooks only");
      }
    }
    var webhook = configuration.copy().put("url", "http://broker/").put("requestType", "POST");
    webhook.remove("auth");
    var properties = new Properties(webhook);
    return properties.has("json") || properties.has("body") ? webhook : webhook.put("json", "{}");
  }

  /**
   * The message for an event.
   *
   * @param body as {@link #asWebhook} renders it
   */
  public Message message(Event event, OutboundRequest body, String id) {
    var variables = new EventVariables(event);
    var headers = new LinkedHashMap<String, String>();
    body.headers().forEach(header -> headers.put(header.name(), header.value()));
    headers.put("webhook-id", id);
    var bytes = body.body() == null ? new byte[0] : body.body().getBytes();
    return new Message(
        id,
        topic.render(variables),
        key.render(variables),
        headers,
        bytes,
        event.publishedAtMillis());
  }

  /**
   * What a broker takes.
   *
   * @param publishedAtMillis when the event was, milliseconds since 1970 UTC
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Message(
      String id,
      String topic,
      String key,
      Map<String, String> headers,
      byte[] body,
      long publishedAtMillis) {}
}
