package io.starling.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** What a route answers. */
public sealed interface Answer {

  /**
   * A whole answer.
   *
   * @param headers besides those about the body
   * @param contentType empty if there is no body
   */
  record Whole(int status, Map<String, String> headers, String contentType, Buffer body)
      implements Answer {

    /** The same with one more header. */
    public Whole with(String header, String value) {
      var more = new TreeMap<>(headers);
      more.put(header, value);
      return new Whole(status, Map.copyOf(more), contentType, body);
    }
  }

  /** The route writes the answer itself, and has begun to. */
  record Streamed() implements Answer {}

  /** A JSON object. */
  static Whole json(int status, JsonObject body) {
    return new Whole(status, Map.of(), "application/json; charset=utf-8", body.toBuffer());
  }

  /** A JSON object, status 200. */
  static Whole json(JsonObject body) {
    return json(200, body);
  }

  /** A JSON array, status 200. */
  static Whole json(JsonArray body) {
    return new Whole(200, Map.of(), "application/json; charset=utf-8", body.toBuffer());
  }

  /** A bare value as text, status 200. */
  static Whole text(String body) {
    return new Whole(200, Map.of(), "text/plain; charset=utf-8", Buffer.buffer(body));
  }

  /** {@code {"ok":true}}, status 200. */
  static Whole ok() {
    return json(new JsonObject().put("ok", true));
  }

  /** Nothing, with a status that allows it. */
  static Whole empty(int status) {
    return new Whole(status, Map.of(), "", Buffer.buffer());
  }
}
