package io.starling.api.history;

import io.starling.api.events.EventText;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.HistoryReply.EventsFound;
import io.starling.http.Timestamps;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a whole range is written, event by event. */
public enum HistoryForm {
  /** One JSON object a line. */
  LINES("application/x-ndjson"),
  CSV("text/csv; charset=utf-8; header=present");

  private static final List<String> COLUMNS =
      List.of("published_at", "name", "data", "coreid", "product_id", "origin", "class");

  private final String contentType;

  HistoryForm(String contentType) {
    this.contentType = contentType;
  }

  /** The one that is asked for by an {@code Accept} header; none: a page. */
  public static Optional<HistoryForm> of(@Nullable String accept) {
    String wanted = accept == null ? "" : accept.toLowerCase(Locale.ROOT);
    if (wanted.contains("application/x-ndjson") || wanted.contains("application/ndjson")) {
      return Optional.of(LINES);
    }
    return wanted.contains("text/csv") ? Optional.of(CSV) : Optional.empty();
  }

  /** As the answer tells it. */
  public String contentType() {
    return contentType;
  }

  /** What is before all events. */
  String head() {
    return head(COLUMNS);
  }

  /** What is before all lines that have these columns. */
  public String head(List<String> columns) {
    return this == CSV ? Csv.line(columns) : "";
  }

  /** A page of events, written as they are asked for. */
  Export.Page page(EventsFound found, boolean ofProduct) {
    Iterable<String> lines =
        () -> {
          var batch = EventBatch.of(found.events());
          return new Iterator<>() {
            private boolean more = batch.next();

            @Override
            public boolean hasNext() {
              return more;
            }

            @Override
            public String next() {
              if (!more) {
                throw new NoSuchElementException();
              }
              String line = line(batch.event(), ofProduct);
              more = batch.next();
              return line;
            }
          };
        };
    return new Export.Page(lines, found.next());
  }

  /** An event, with the end of its line. */
  String line(Event event, boolean ofProduct) {
    if (this == LINES) {
      return new EventText(event).object(ofProduct) + "\n";
    }
    return Csv.line(
        List.of(
            Timestamps.of(event.publishedAtMillis()),
            event.name(),
            EventText.text(event.data()),
            new EventText(event).coreId(),
            event.product() == 0 ? "" : Integer.toString(event.product()),
            event.origin().name().toLowerCase(Locale.ROOT),
            event.eventClass().name().toLowerCase(Locale.ROOT)));
  }
}
