package io.starling.testing.sink;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Parses an event stream (WHATWG HTML, 9.2.6) however the network fragments it: CR, LF and CRLF
 * line ends, comments, several data lines, an id that lasts. Not thread-safe. A line longer than
 * the limit, or an event of more data, is refused with {@link IllegalStateException}.
 */
public final class SseParser {
  private static final int LIMIT = 4 << 20;

  private final Consumer<SseEvent> events;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private final StringBuilder data = new StringBuilder();
  private boolean afterReturn;
  private boolean first = true;
  private String name = "";
  private String lastId = "";
  private long comments;
  private Optional<Long> retryMillis = Optional.empty();

  public SseParser(Consumer<SseEvent> events) {
    this.events = events;
  }

  public void feed(Buffer chunk) {
    var bytes = chunk.getBytes();
    var from = 0;
    for (var i = 0; i < bytes.length; i++) {
      var b = bytes[i];
      if (b == '\n' && afterReturn) {
        afterReturn = false;
        from = i + 1;
        continue;
      }
      afterReturn = b == '\r';
      if (b == '\n' || b == '\r') {
        line.write(bytes, from, i - from);
        from = i + 1;
        endOfLine();
      }
    }
    line.write(bytes, from, bytes.length - from);
    if (line.size() > LIMIT) {
      throw new IllegalStateException("line of an event stream longer than " + LIMIT + " bytes");
    }
  }

  /** How many comments (lines that begin with a colon) were seen: servers keep alive with them. */
  public long comments() {
    return comments;
  }

  public String lastEventId() {
    return lastId;
  }

  /** The wait before a reconnect that the stream has asked for. */
  public Optional<Long> retryMillis() {
    return retryMillis;
  }

  private void endOfLine() {
    var text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (first) {
      first = false;
      text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
    if (text.isEmpty()) {
      dispatch();
      return;
    }
    var colon = text.indexOf(':');
    if (colon == 0) {
      comments++;
      return;
    }
    var field = colon < 0 ? text : text.substring(0, colon);
    var value = colon < 0 ? "" : text.substring(colon + 1);
    field(field, value.startsWith(" ") ? value.substring(1) : value);
  }

  private void field(String field, String value) {
    switch (field) {
      case "event" -> name = value;
      case "data" -> {
        data.append(value).append('\n');
        if (data.length() > LIMIT) {
          throw new IllegalStateException("event of more than " + LIMIT + " characters");
        }
      }
      case "id" -> lastId = value.indexOf('\0') < 0 ? value : lastId;
      case "retry" -> {
        if (!value.isEmpty()
            && value.length() < 10
            && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
          retryMillis = Optional.of(Long.parseLong(value));
        }
      }
      default -> {}
    }
  }

  private void dispatch() {
    if (!data.isEmpty()) {
      data.setLength(data.length() - 1);
      var type = name.isEmpty() ? "message" : name;
      events.accept(new SseEvent(lastId, type, data.toString(), System.nanoTime()));
    }
    data.setLength(0);
    name = "";
  }
}
