package io.starling.testing.region;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * How a node is, from outside.
 *
 * @param ready messages can pass through it
 * @param parts of its health that are not up, each with its note; empty: all well
 * @param shards that it leads; empty: it does not tell
 * @param residentBytes 0 if it is dead
 */
public record NodeStatus(
    String name,
    State state,
    boolean cut,
    boolean ready,
    String parts,
    Optional<Long> shards,
    long devices,
    long residentBytes) {

  /** Of its process. */
  public enum State {
    DEAD,
    FROZEN,
    /** Alive, and its health does not answer (yet). */
    SILENT,
    UP
  }

  /** Whether nothing is wrong with it. */
  public boolean isWell() {
    return state == State.UP && !cut && ready && parts.isEmpty();
  }

  JsonObject json() {
    return new JsonObject()
        .put("node", name)
        .put("state", stateName())
        .put("cut", cut)
        .put("ready", ready)
        .put("notes", parts)
        .put("shards", shards.orElse(null))
        .put("devices", devices)
        .put("residentBytes", residentBytes);
  }

  String line() {
    return "%-8s %-7s %-6s %-7s %-8s %-8s %s"
        .formatted(
            name,
            stateName(),
            ready ? "ready" : "-",
            shards.map(Object::toString).orElse("-"),
            state == State.UP ? Long.toString(devices) : "-",
            residentBytes == 0 ? "-" : (residentBytes >> 20) + " MiB",
            cut ? ("cut off; " + parts).replaceAll("; $", "") : parts)
        .stripTrailing();
  }

  private String stateName() {
    return state.name().toLowerCase(java.util.Locale.ROOT);
  }
}
