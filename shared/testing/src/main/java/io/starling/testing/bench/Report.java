package io.starling.testing.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Collectors;

/** A run as JSON: the machine, the versions, the load, and every repetition. */
final class Report {
  private Report() {}

  /** Writes it; answers where. */
  static Path write(Path folder, Machine machine, BenchOptions options, Results results)
      throws IOException {
    var date = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    var json =
        new JsonObject()
            .put("date", date.toString())
            .put("machine", machine.json())
            .put("versions", Machine.versions(options.server().lib()))
            .put("serverFlags", String.join(" ", options.server().jvmFlags()))
            .put("serverCommand", String.join(" ", options.server().command()))
            .put(
                "load",
                new JsonObject()
                    .put("connections", options.connections())
                    .put("window", options.window())
                    .put("payloadBytes", options.payloadBytes())
                    .put("rate", options.rate())
                    .put("idle", IdleRun.allowed(options.idle()))
                    .put("surge", options.surge())
                    .put("repetitions", options.repeat())
                    .put("measuredSeconds", options.measured().toSeconds())
                    .put("rows", rowNames(options)))
            .put("results", results.json());
    Files.createDirectories(folder);
    var file = folder.resolve(date.toString().replace(":", "") + ".json");
    return Files.writeString(file, json.encodePrettily() + System.lineSeparator());
  }

  private static String rowNames(BenchOptions options) {
    return options.rows().stream()
        .map(row -> row.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(","));
  }
}
