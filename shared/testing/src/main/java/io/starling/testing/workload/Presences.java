package io.starling.testing.workload;

import io.starling.testing.account.CloudApi;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How many devices each node's API shows as offline: a part that failed must not make connected
 * devices look so. One look at a time, when asked for. Thread-safe.
 */
public final class Presences {
  private static final int PAGE = 100;

  /** A look costs the region as much as a thousand calls. */
  private static final long LEAST_GAP_NANOS = 2_000_000_000;

  private final List<CloudApi> nodes;
  private final String path;
  private final Set<String> devices;
  private volatile Seen seen = new Seen(Long.MIN_VALUE, "not looked at");
  private boolean looking;
  private long lastNanos = System.nanoTime() - LEAST_GAP_NANOS;

  /** What a look found; nothing wrong if the text is empty. */
  private record Seen(long begunNanos, String wrong) {}

  /** Of the devices of a run, which all stand in this product. */
  public Presences(List<CloudApi> nodes, String product, Workload workload) {
    this.nodes = List.copyOf(nodes);
    this.path = "/v1/products/" + product + "/devices?per_page=" + PAGE + "&page=";
    this.devices = new HashSet<>();
    for (var i = 0; i < workload.size(); i++) {
      devices.add(workload.id(i));
    }
  }

  /**
   * What is wrong, by the last look that began after that moment; begins another one where none is
   * under way.
   *
   * @return empty if every device is shown as connected, by every node
   */
  public Optional<String> wrongSince(long nanos) {
    look();
    var last = seen;
    if (last.begunNanos() == Long.MIN_VALUE || last.begunNanos() - nanos < 0) {
      return Optional.of("not looked at yet");
    }
    return Optional.of(last.wrong()).filter(wrong -> !wrong.isEmpty());
  }

  private void look() {
    var begun = System.nanoTime();
    synchronized (this) {
      if (looking || begun - lastNanos < LEAST_GAP_NANOS) {
        return;
      }
      looking = true;
    }
    var looks = new ArrayList<Future<String>>();
    for (var i = 0; i < nodes.size(); i++) {
      var name = "node-" + (i + 1);
      looks.add(
          connected(nodes.get(i), 1, 0)
              .map(count -> count == devices.size() ? "" : shown(name, count))
              .otherwise(failure -> name + ": " + failure.getMessage()));
    }
    var _ =
        Future.join(looks)
            .onComplete(
                _ -> {
                  seen = new Seen(begun, text(looks));
                  synchronized (this) {
                    looking = false;
                    lastNanos = System.nanoTime();
                  }
                });
  }

  private String shown(String node, int count) {
    return "%s shows %,d devices as offline".formatted(node, devices.size() - count);
  }

  private static String text(List<Future<String>> looks) {
    return looks.stream()
        .map(Future::result)
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(", "));
  }

  private Future<Integer> connected(CloudApi node, int page, int before) {
    return node.get(path + page)
        .compose(
            answer -> {
              var count = before + connected(answer);
              var pages = answer.getJsonObject("meta").getInteger("total_pages");
              return page >= pages
                  ? Future.succeededFuture(count)
                  : connected(node, page + 1, count);
            });
  }

  private int connected(JsonObject answer) {
    var count = 0;
    for (var each : answer.getJsonArray("devices")) {
      if (each instanceof JsonObject device
          && devices.contains(device.getString("id"))
          && device.getBoolean("connected")) {
        count++;
      }
    }
    return count;
  }
}
