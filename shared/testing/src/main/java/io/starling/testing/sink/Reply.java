package io.starling.testing.sink;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;

/** How a sink answers one request. */
public sealed interface Reply {

  /** At once, with this status. */
  record Answer(int status, Map<String, String> headers, Buffer body) implements Reply {
    public Answer {
      headers = Map.copyOf(headers);
    }
  }

  /** Later, with this status. */
  record AnswerAfter(Duration delay, int status) implements Reply {}

  /** Never; the connection stays open. */
  record Hang() implements Reply {}

  /** The head at once, then one byte of the body each time this passes. */
  record Drip(int status, Buffer body, Duration every) implements Reply {}

  /** Closes the connection without an answer. */
  record Cut() implements Reply {}

  static Reply status(int status) {
    return new Answer(status, Map.of(), Buffer.buffer());
  }
}
