package io.starling.api.events;

import io.starling.contract.JournalPosition;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a stream stands in each shard, by its number: what its reader is told as the id of the last
 * event, and comes back with as {@code Last-Event-ID} (WHATWG HTML, section 9.2). In text: {@code
 * index.offset} of each shard in base 36, joined by hyphens.
 */
record StreamCursor(List<JournalPosition> positions) {
  private static final int RADIX = 36;
  private static final Pattern PART = Pattern.compile("([0-9a-z]{1,12})\\.([0-9a-z]{1,5})");
  private static final int MAX_CHARS = 2_000;

  StreamCursor {
    positions = List.copyOf(positions);
  }

  /** What a reader came back with; empty if it is not from a stream of a region like this. */
  static Optional<StreamCursor> parse(String text, int shards) {
    var parts = text.length() > MAX_CHARS ? new String[0] : text.split("-", -1);
    if (parts.length != shards) {
      return Optional.empty();
    }
    var positions = new ArrayList<JournalPosition>(shards);
    for (var part : parts) {
      var found = PART.matcher(part);
      if (!found.matches()) {
        return Optional.empty();
      }
      positions.add(
          new JournalPosition(
              Long.parseLong(found.group(1), RADIX), Integer.parseInt(found.group(2), RADIX)));
    }
    return Optional.of(new StreamCursor(positions));
  }

  String text() {
    var text = new StringBuilder();
    for (var position : positions) {
      text.append(text.isEmpty() ? "" : "-")
          .append(Long.toString(position.index(), RADIX))
          .append('.')
          .append(Integer.toString(position.offset(), RADIX));
    }
    return text.toString();
  }

  /** A block of the stream that shows nothing, and tells the reader where it stands. */
  Buffer block() {
    return Buffer.buffer("id: " + text() + "\n\n");
  }
}
