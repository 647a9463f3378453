package io.starling.api.usage;

import io.starling.api.history.Csv;
import io.starling.contract.HistoryReply.Used;
import io.starling.contract.UsageKind;
import io.starling.http.Answer;
import io.starling.http.Timestamps;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Something that is counted by hours or days, under the name that callers know it by. */
record Series(String name, ToLongFunction<Used> count) {
  /** The sum of some kinds. */
  static Series of(String name, UsageKind... kinds) {
    return new Series(name, used -> Arrays.stream(kinds).mapToLong(used::count).sum());
  }

  /** When it was, and what there was of some series: all of them, or those that are not zero. */
  static JsonObject json(Used used, List<Series> all, boolean zeros) {
    var json = new JsonObject().put("at", Timestamps.of(used.atMillis()));
    for (var series : all) {
      long count = series.count.applyAsLong(used);
      if (zeros || count != 0) {
        json.put(series.name, count);
      }
    }
    return json;
  }

  /** The same as a table. */
  static Answer.Whole csv(List<Used> used, List<Series> all) {
    var head = new ArrayList<>(List.of("at"));
    all.forEach(series -> head.add(series.name));
    var text = new StringBuilder(Csv.line(head));
    for (var one : used) {
      var line = new ArrayList<>(List.of(Timestamps.of(one.atMillis())));
      all.forEach(series -> line.add(Long.toString(series.count.applyAsLong(one))));
      text.append(Csv.line(line));
    }
    return new Answer.Whole(
        200, Map.of(), "text/csv; charset=utf-8; header=present", Buffer.buffer(text.toString()));
  }
}
