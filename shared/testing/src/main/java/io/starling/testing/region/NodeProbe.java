package io.starling.testing.region;

import io.starling.testing.process.DetachedProcess;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Looks at nodes from outside: at their processes, and at their health ports. Blocks 2 s at most.
 */
final class NodeProbe implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final String DEVICES = "starling_mqtt_sessions";

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(LIMIT).version(HttpClient.Version.HTTP_1_1).build();

  NodeStatus look(RegionNode node, boolean cut) {
    var process = node.process().state();
    var resident = node.residentBytes().orElse(0L);
    if (process != DetachedProcess.State.RUNNING) {
      var state =
          process == DetachedProcess.State.DEAD ? NodeStatus.State.DEAD : NodeStatus.State.FROZEN;
      return new NodeStatus(node.name(), state, cut, false, "", Optional.empty(), 0, resident);
    }
    var health = get(node.healthUrl() + "/health").flatMap(NodeProbe::json);
    if (health.isEmpty()) {
      return new NodeStatus(
          node.name(), NodeStatus.State.SILENT, cut, false, "", Optional.empty(), 0, resident);
    }
    var metrics = get(node.healthUrl() + "/metrics").orElse("");
    return new NodeStatus(
        node.name(),
        NodeStatus.State.UP,
        cut,
        health.get().getBoolean("ready", false),
        notes(health.get()),
        shards(health.get()),
        sum(metrics, DEVICES).orElse(0L),
        resident);
  }

  /** The sum of a metric over its labels; empty if the node does not have it. */
  static Optional<Long> sum(String metrics, String name) {
    var values =
        metrics
            .lines()
            .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
            .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .toList();
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(Math.round(values.stream().mapToDouble(value -> value).sum()));
  }

  private static Optional<Long> shards(JsonObject health) {
    return Optional.ofNullable(
        health
            .getJsonObject("parts", new JsonObject())
            .getJsonObject("journal", new JsonObject())
            .getLong("shards_led"));
  }

  /** Of each part that is not up: its name and its note. */
  static String notes(JsonObject health) {
    var parts = health.getJsonObject("parts", new JsonObject());
    return parts.fieldNames().stream()
        .filter(name -> !"up".equals(parts.getJsonObject(name).getString("status")))
        .map(name -> name + ": " + parts.getJsonObject(name).getString("note"))
        .collect(Collectors.joining("; "));
  }

  private static Optional<JsonObject> json(String text) {
    try {
      return Optional.of(new JsonObject(text));
    } catch (DecodeException _) {
      return Optional.empty();
    }
  }

  /** The body, if it answers as a health port does: 503 tells as much as 200. */
  private Optional<String> get(String url) {
    try {
      var request = HttpRequest.newBuilder(URI.create(url)).timeout(LIMIT).build();
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      return List.of(200, 503).contains(answer.statusCode())
          ? Optional.of(answer.body())
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
