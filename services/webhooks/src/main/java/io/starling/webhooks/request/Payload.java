package io.starling.webhooks.request;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stands in the body of a request. */
sealed interface Payload {

  /** The body for an event. */
  Buffer render(EventVariables variables);

  /** Its content type, unless the integration's headers say another. */
  String contentType();

  /** Fields, the default ones first. */
  record Form(boolean defaults, List<Pair> pairs) implements Payload {
    @Override
    public Buffer render(EventVariables variables) {
      return fields(variables).toBuffer();
    }

    FormBody fields(EventVariables variables) {
      var event = variables.event();
      var form = new FormBody(160 + event.name().length() + 3 * event.data().length());
      if (defaults) {
        form.add("event", event.name());
        form.add("data", event.data().getBytes());
        form.add("coreid", variables.coreId());
        form.add("published_at", variables.publishedAt());
      }
      pairs.forEach(pair -> form.add(pair.name().render(variables), pair.text(variables)));
      return form;
    }

    @Override
    public String contentType() {
      return "application/x-www-form-urlencoded";
    }
  }

  /**
   * A JSON text, with the default fields in front of its own if it is an object.
   *
   * @param member whether it is one of several: then the event's id is among the default fields
   * @param own the names in the template, which win over the defaults; null if only the rendered
   *     text can tell
   */
  record JsonText(boolean defaults, boolean member, TextTemplate text, @Nullable Set<String> own)
      implements Payload {
    static JsonText of(boolean defaults, boolean member, String source) {
      var text = TextTemplate.of(source, TextTemplate.Form.JSON);
      return new JsonText(defaults, member, text, names(source));
    }

    private static @Nullable Set<String> names(String source) {
      try {
        return Set.copyOf(new JsonObject(source).fieldNames());
      } catch (DecodeException | ClassCastException e) {
        return null;
      }
    }

    @Override
    public Buffer render(EventVariables variables) {
      String rendered = text.render(variables);
      if (!defaults) {
        return Buffer.buffer(rendered);
      }
      return own == null ? merged(rendered, variables) : joined(rendered, variables, own);
    }

    private Buffer joined(String rendered, EventVariables variables, Set<String> own) {
      var target = new StringBuilder(rendered.length() + 256).append('{');
      defaults(variables)
          .forEach(
              (name, value) -> {
                if (!own.contains(name)) {
                  target.append(target.length() > 1 ? "," : "");
                  target.append('"').append(name).append("\":").append(Json.encode(value));
                }
              });
      target.append(own.isEmpty() || target.length() == 1 ? "" : ",");
      return Buffer.buffer(
          target.append(rendered, rendered.indexOf('{') + 1, rendered.length()).toString());
    }

    private Buffer merged(String rendered, EventVariables variables) {
      try {
        var all = new JsonObject();
        defaults(variables).forEach(all::put);
        return all.mergeIn(new JsonObject(rendered)).toBuffer();
      } catch (DecodeException | ClassCastException e) {
        // No object: a list, or not JSON at all. It is the integration's own, and goes as it is.
        return Buffer.buffer(rendered);
      }
    }

    private Map<String, String> defaults(EventVariables variables) {
      var ordered = new java.util.LinkedHashMap<String, String>(8);
      ordered.put("event", variables.event().name());
      ordered.put("data", variables.text());
      ordered.put("coreid", variables.coreId());
      ordered.put("published_at", variables.publishedAt());
      if (member) {
        ordered.put("event_id", variables.event().id().toString());
      }
      return ordered;
    }

    @Override
    public String contentType() {
      return "application/json";
    }
  }

  /** Any text. */
  record Text(TextTemplate text) implements Payload {
    @Override
    public Buffer render(EventVariables variables) {
      return Buffer.buffer(text.render(variables));
    }

    @Override
    public String contentType() {
      return "text/plain; charset=utf-8";
    }
  }

  /** A templated name with a templated value. */
  record Pair(TextTemplate name, TextTemplate value) {
    byte[] text(EventVariables variables) {
      return value.render(variables).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
