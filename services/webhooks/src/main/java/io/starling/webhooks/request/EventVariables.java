package io.starling.webhooks.request;

import com.samskivert.mustache.Mustache;
import io.starling.contract.Event;
import io.starling.contract.Origin;
import io.starling.contract.TimeText;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the templates of an integration can name: Particle's variables, their old names, and the
 * fields of an event's data if these are a JSON object. Values are worked out when asked for. For
 * one event, on one thread.
 */
public final class EventVariables implements Mustache.CustomContext {
  private final Event event;
  private @Nullable String text;
  private @Nullable Map<String, Object> fields;

  /** The variables of one event. */
  public EventVariables(Event event) {
    this.event = event;
  }

  @Override
  public @Nullable Object get(String name) {
    return switch (name) {
      case "PARTICLE_DEVICE_ID", "SPARK_CORE_ID" -> coreId();
      case "PARTICLE_EVENT_NAME", "SPARK_EVENT_NAME" -> event.name();
      case "PARTICLE_EVENT_VALUE", "SPARK_EVENT_VALUE" -> text();
      case "PARTICLE_PUBLISHED_AT", "SPARK_PUBLISHED_AT" -> publishedAt();
      case "PARTICLE_EVENT_ID" -> event.id().toString();
      case "PARTICLE_EVENT_JSON" -> json();
      case "PARTICLE_EVENT_BASE64" ->
          Base64.getEncoder().encodeToString(json().getBytes(StandardCharsets.UTF_8));
      case "PRODUCT_ID" -> event.product() == 0 ? "" : Integer.toString(event.product());
      case "PRODUCT_USER_ID", "PRODUCT_VERSION" -> "";
      default -> fields().get(name);
    };
  }

  Event event() {
    return event;
  }

  /** The device, or {@code api} for what apps publish. */
  public String coreId() {
    return event.origin() == Origin.DEVICE ? event.id().origin().toString() : "api";
  }

  /** When it was published, as {@code 2026-01-02T03:04:05.678Z}. */
  String publishedAt() {
    return TimeText.of(event.publishedAtMillis());
  }

  /** The data as text; what is no UTF-8 is replaced. */
  String text() {
    if (text == null) {
      text = event.data().toString(StandardCharsets.UTF_8);
    }
    return text;
  }

  /** The whole event. */
  private String json() {
    var json =
        new JsonObject()
            .put("id", event.id().toString())
            .put("event", event.name())
            .put("data", text())
            .put("coreid", coreId())
            .put("published_at", publishedAt());
    return (event.product() == 0 ? json : json.put("product_id", event.product())).encode();
  }

  private Map<String, Object> fields() {
    if (fields == null) {
      fields = parse();
    }
    return fields;
  }

  private Map<String, Object> parse() {
    try {
      return text().stripLeading().startsWith("{") ? new JsonObject(text()).getMap() : Map.of();
    } catch (DecodeException e) {
      return Map.of();
    }
  }

  /** A value as it is written in a text: objects and lists as JSON. */
  static String write(Object value) {
    return switch (value) {
      case String string -> string;
      case Map<?, ?> map -> Json.encode(map);
      case JsonObject object -> object.encode();
      case JsonArray array -> array.encode();
      default -> Json.encode(value);
    };
  }
}
