package io.starling.standalone.operator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How nodes are, by their health ports. */
@Command(
    name = "health",
    description = "Shows how nodes are, part by part; exit status 1 if any part is not up.")
final class HealthCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--node",
      paramLabel = "URL",
      split = ",",
      defaultValue = "http://127.0.0.1:9090",
      description = "health port of a node, or of several; by default ${DEFAULT-VALUE}")
  private List<URI> nodes = List.of();

  @Option(names = "--json", description = "the answers as they came, for programs")
  private boolean json;

  @Override
  public Integer call() {
    var answers = new JsonObject();
    var rows = new JsonArray();
    boolean up = true;
    for (var node : nodes) {
      var health = look(node);
      answers.put(node.toString(), health);
      up &= health.getString("status", "").equals("up");
      rows.add(row(node, "all", health));
      var parts = health.getJsonObject("parts", new JsonObject());
      parts.forEach(part -> rows.add(row(node, part.getKey(), (JsonObject) part.getValue())));
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.print(json ? answers.encode() + "\n" : Table.of(rows, "node", "part", "status", "note"));
    out.flush();
    return up ? 0 : Failure.REFUSED;
  }

  private static JsonObject look(URI node) {
    var request = HttpRequest.newBuilder(node.resolve("/health")).timeout(LIMIT).GET().build();
    try {
      return new JsonObject(Region.exchange(request).body());
    } catch (Failure e) {
      return new JsonObject().put("status", "unreachable").put("note", e.getMessage());
    }
  }

  private static JsonObject row(URI node, String part, JsonObject health) {
    return new JsonObject()
        .put("node", node.getAuthority())
        .put("part", part)
        .put("status", health.getString("status"))
        .put("note", health.getString("note"));
  }
}
