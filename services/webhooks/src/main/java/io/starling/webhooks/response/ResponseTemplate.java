package io.starling.webhooks.response;

import io.starling.contract.Event;
import io.starling.webhooks.request.EventVariables;
import io.starling.webhooks.request.Properties;
import io.starling.webhooks.request.TextTemplate;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an integration's configuration says of answers, compiled once per version. Immutable and
 * thread-safe.
 */
public final class ResponseTemplate {
  private static final int SENT = 1;
  private static final int FIRST_CHUNK = 2;
  private static final int ERROR = 1_000;

  private final @Nullable TextTemplate topic;
  private final @Nullable TextTemplate errorTopic;
  private final @Nullable TextTemplate text;
  private final boolean whole;
  private final boolean dataUrl;
  private final boolean ofProduct;

  /**
   * Something to tell.
   *
   * @param number tells it from the others that are told of one delivery, the same at each try
   */
  record Draft(int number, String name, Buffer data) {}

  /**
   * Compiles the properties of an integration.
   *
   * @param ofProduct whether it stands below a product: its topics begin with the device then
   * @throws IllegalArgumentException if any of them is not right, saying what to change
   */
  public ResponseTemplate(JsonObject configuration, boolean ofProduct) {
    var properties = new Properties(configuration);
    topic = properties.template("responseTopic", TextTemplate.Form.NAME).orElse(null);
    errorTopic = properties.template("errorResponseTopic", TextTemplate.Form.NAME).orElse(null);
    text = properties.jsonTemplate("responseTemplate", TextTemplate.Form.TEXT).orElse(null);
    dataUrl = properties.flag("dataUrlResponseEvent", false);
    whole = properties.flag("unchunked", false) || dataUrl;
    this.ofProduct = ofProduct;
  }

  /**
   * What is told of a delivery that was taken.
   *
   * @param answer null if it could not be kept
   */
  List<Draft> taken(Event event, @Nullable Answer answer) {
    var drafts = new ArrayList<Draft>();
    drafts.add(new Draft(SENT, "hook-sent/" + event.name(), Buffer.buffer()));
    if (answer == null || answer.body().length() == 0) {
      return drafts;
    }
    try {
      addChunks(drafts, topic(event, topic, "hook-response"), answer);
    } catch (IllegalArgumentException e) {
      drafts.add(failed(event, "error " + e.getMessage()));
    }
    return drafts;
  }

  private void addChunks(List<Draft> drafts, String name, Answer answer) {
    byte[] body = render(answer);
    var chunks = dataUrl ? List.of(dataUrl(body, answer.contentType())) : Chunks.of(body, whole);
    for (int i = 0; i < chunks.size(); i++) {
      drafts.add(new Draft(FIRST_CHUNK + i, name + "/" + i, chunks.get(i)));
    }
  }

  /** What is told of a delivery that failed. */
  Draft failed(Event event, String cause) {
    String name;
    try {
      name = topic(event, errorTopic, "hook-error");
    } catch (IllegalArgumentException _) {
      name = topic(event, null, "hook-error");
    }
    return new Draft(ERROR, name + "/0", Buffer.buffer(cause));
  }

  private String topic(Event event, @Nullable TextTemplate template, String kind) {
    var variables = new EventVariables(event);
    if (template != null) {
      return template.render(variables);
    }
    String name = kind + "/" + event.name();
    return ofProduct ? variables.coreId() + "/" + name : name;
  }

  private byte[] render(Answer answer) {
    var json = text == null ? Optional.empty() : json(answer.body());
    return text == null || json.isEmpty()
        ? answer.body().getBytes()
        : text.render(json.get()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** Maps and lists that templates can name; empty if it is no object and no list. */
  private static Optional<Object> json(Buffer body) {
    try {
      return switch (Json.decodeValue(body)) {
        case JsonObject object -> Optional.of(object.getMap());
        case JsonArray array -> Optional.of(array.getList());
        case null, default -> Optional.empty();
      };
    } catch (DecodeException _) {
      return Optional.empty();
    }
  }

  private static Buffer dataUrl(byte[] body, String contentType) {
    byte[] bytes = Chunks.of(body, true).getFirst().getBytes();
    String type = contentType.isEmpty() ? "application/octet-stream" : contentType;
    return Buffer.buffer("data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes));
  }
}
