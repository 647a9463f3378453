package io.starling.testing.region;

import io.starling.testing.region.RegionDatabase.DatabaseStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a whole region is, from outside. */
public record RegionStatus(List<NodeStatus> nodes, List<DatabaseStatus> databases) {
  public RegionStatus {
    nodes = List.copyOf(nodes);
    databases = List.copyOf(databases);
  }

  /** Whether nothing is wrong. */
  public boolean isWell() {
    return nodes.stream().allMatch(NodeStatus::isWell)
        && databases.stream().allMatch(DatabaseStatus::up);
  }

  /** Whether nothing of it runs. */
  public boolean isStopped() {
    return nodes.stream().allMatch(node -> node.state() == NodeStatus.State.DEAD)
        && databases.stream().noneMatch(DatabaseStatus::up);
  }

  /** One line: do messages pass, and what is missing. */
  public String verdict() {
    var ready = nodes.stream().filter(node -> node.ready() && !node.cut()).count();
    var majority = nodes.size() / 2 + 1;
    if (isStopped()) {
      return "the region is stopped";
    }
    if (ready < majority) {
      return "MESSAGES DO NOT PASS: %d of %d nodes ready, %d needed"
          .formatted(ready, nodes.size(), majority);
    }
    var missing =
        Stream.concat(
                nodes.stream().filter(node -> !node.ready() || node.cut()).map(NodeStatus::name),
                databases.stream().filter(server -> !server.up()).map(DatabaseStatus::name))
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      return "messages pass; missing: " + missing;
    }
    return isWell() ? "all is well" : "messages pass; some parts are degraded";
  }

  /** What each node that is not well tells of itself; the verdict if none does. */
  public String complaints() {
    var told =
        nodes.stream()
            .filter(node -> !node.isWell())
            .map(node -> node.name() + ": " + (node.parts().isEmpty() ? "silent" : node.parts()))
            .collect(Collectors.joining("; "));
    return told.isEmpty() ? verdict() : told;
  }

  /** For programs. */
  public JsonObject json() {
    var nodesJson = new JsonArray();
    nodes.forEach(node -> nodesJson.add(node.json()));
    var databasesJson = new JsonArray();
    databases.forEach(
        server ->
            databasesJson.add(
                new JsonObject()
                    .put("name", server.name())
                    .put("up", server.up())
                    .put("note", server.note())));
    return new JsonObject()
        .put("nodes", nodesJson)
        .put("databases", databasesJson)
        .put("well", isWell())
        .put("verdict", verdict());
  }

  /** For people: a table and the verdict. */
  public String text() {
    var text = new StringBuilder();
    text.append(
        "%-8s %-7s %-6s %-7s %-8s %-8s%n"
            .formatted("NODE", "STATE", "", "SHARDS", "DEVICES", "MEMORY"));
    nodes.forEach(node -> text.append(node.line()).append(System.lineSeparator()));
    databases.forEach(
        server ->
            text.append(
                "%-8s %-7s %s%n"
                    .formatted(server.name(), server.up() ? "up" : "down", server.note())));
    return text.append(verdict()).toString();
  }
}
