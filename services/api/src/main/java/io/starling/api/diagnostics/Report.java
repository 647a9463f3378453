package io.starling.api.diagnostics;

import io.starling.api.history.Csv;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.http.Timestamps;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a device reported once.
 *
 * @param payload never changed
 */
record Report(long atMillis, String device, JsonObject payload) {

  /** Those in a page of the history; what is none is left out. */
  static List<Report> in(Buffer events) {
    var reports = new ArrayList<Report>();
    for (var batch = EventBatch.of(events); batch.next(); ) {
      of(batch.event()).ifPresent(reports::add);
    }
    return reports;
  }

  private static Optional<Report> of(Event event) {
    try {
      return Optional.of(
          new Report(
              event.publishedAtMillis(),
              event.id().origin().toString(),
              new JsonObject(event.data())));
    } catch (DecodeException e) {
      return Optional.empty();
    }
  }

  JsonObject json() {
    return new JsonObject()
        .put("updated_at", Timestamps.of(atMillis))
        .put("deviceID", device)
        .put("payload", payload);
  }

  /** A table with a column for each figure that any of these has. */
  static String csv(List<Report> reports) {
    var rows = reports.stream().map(Report::figures).toList();
    var columns = new TreeSet<String>();
    rows.forEach(row -> columns.addAll(row.keySet()));
    var head = new ArrayList<>(List.of("updated_at", "deviceID"));
    head.addAll(columns);
    var text = new StringBuilder(Csv.line(head));
    for (int i = 0; i < rows.size(); i++) {
      var report = reports.get(i);
      var line = new ArrayList<>(List.of(Timestamps.of(report.atMillis()), report.device()));
      var row = rows.get(i);
      columns.forEach(column -> line.add(row.getOrDefault(column, "")));
      text.append(Csv.line(line));
    }
    return text.toString();
  }

  private Map<String, String> figures() {
    var figures = new TreeMap<String, String>();
    collect("", payload, figures);
    return figures;
  }

  private static void collect(String path, JsonObject object, Map<String, String> figures) {
    for (var each : object) {
      String name = path.isEmpty() ? each.getKey() : path + "." + each.getKey();
      if (each.getValue() instanceof JsonObject inner) {
        collect(name, inner, figures);
      } else {
        figures.put(name, Objects.toString(each.getValue(), ""));
      }
    }
  }
}
