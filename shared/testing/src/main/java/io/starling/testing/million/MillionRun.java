package io.starling.testing.million;

import io.starling.testing.account.DemoEnv;
import io.starling.testing.million.MillionReport.Times;
import io.starling.testing.server.ServerOptions;
import io.starling.testing.server.StarlingProcess;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Imports a file into a server of its own and measures what it costs. Blocks its caller. */
public final class MillionRun {
  private static final int TIMES = 60;
  private static final int PER_PAGE = 25;
  private static final long SEED = 1;

  private final ServerOptions options;
  private final int devices;
  private final Duration limit;
  private final Consumer<String> progress;

  /**
   * A run.
   *
   * @param limit of the import
   */
  public MillionRun(ServerOptions options, int devices, Duration limit, Consumer<String> progress) {
    this.options = options;
    this.devices = devices;
    this.limit = limit;
    this.progress = progress;
  }

  private record Imported(Duration upload, Duration imported, long heapBytes, Times writes) {}

  private record Filled(Imported imported, List<Times> pages) {}

  /** Runs with this folder as the server's. */
  public MillionReport run(Path data, Path files) {
    var file = DeviceFile.write(files.resolve("devices.csv"), devices, SEED);
    Filled filled;
    try (var server = StarlingProcess.start(options, data)) {
      filled = fill(server, file);
    }
    progress.accept("starts again");
    long start = System.nanoTime();
    try (var server = StarlingProcess.start(options, data)) {
      var cloud = Cloud.logIn(server.env());
      while (total(cloud, server.env(), Map.of()) < devices) {
        Thread.onSpinWait();
      }
      var known = Duration.ofNanos(System.nanoTime() - start);
      var imported = filled.imported();
      return new MillionReport(
          devices,
          imported.upload(),
          imported.imported(),
          imported.heapBytes(),
          imported.writes(),
          filled.pages(),
          known);
    }
  }

  private Filled fill(StarlingProcess server, Path file) {
    var cloud = Cloud.logIn(server.env());
    for (int i = 0; i < DeviceFile.GROUPS; i++) {
      cloud.post(products(server.env()) + "/groups", new JsonObject().put("name", "g" + i));
    }
    long heap = server.heapAfterCollection();
    var imported = imported(cloud, server.env(), file);
    progress.accept("lists and searches");
    var pages = pages(cloud, server.env());
    long each = (server.heapAfterCollection() - heap) / devices;
    return new Filled(
        new Imported(imported.upload(), imported.imported(), each, imported.writes()), pages);
  }

  private static String products(DemoEnv env) {
    return "/v1/products/" + env.get("PRODUCT_ID");
  }

  private Imported imported(Cloud cloud, DemoEnv env, Path file) {
    progress.accept("imports %,d devices".formatted(devices));
    long start = System.nanoTime();
    String id = cloud.upload(products(env) + "/imports", file).getString("id");
    var upload = Duration.ofNanos(System.nanoTime() - start);
    String device = products(env) + "/devices/" + env.get("DEVICE_ID");
    var writes = new ArrayList<Double>();
    long begin = System.nanoTime();
    while (true) {
      writes.add(cloud.millisOfPut(device, new JsonObject().put("notes", "n" + writes.size())));
      var found = cloud.get(products(env) + "/imports/" + id).getJsonObject("import");
      if (found.getString("state").equals("done")) {
        if (found.getInteger("created") != devices) {
          throw new IllegalStateException("not all were taken in: " + found);
        }
        var took = Duration.ofNanos(System.nanoTime() - begin);
        return new Imported(upload, took, 0, times("writes during the import", 0, writes));
      }
      if (System.nanoTime() - begin > limit.toNanos()
          || found.getString("state").equals("failed")) {
        throw new IllegalStateException("the import did not end well: " + found);
      }
    }
  }

  private List<Times> pages(Cloud cloud, DemoEnv env) {
    int pages = Math.max(1, devices / PER_PAGE);
    String middle = Integer.toString(pages / 2 + 1);
    var all = new ArrayList<Times>();
    all.add(page(cloud, env, "first page", Map.of()));
    all.add(page(cloud, env, "middle page", Map.of("page", middle)));
    all.add(page(cloud, env, "last page", Map.of("page", Integer.toString(pages))));
    all.add(page(cloud, env, "by name, first page", Map.of("sortAttr", "deviceName")));
    all.add(page(cloud, env, "by name, middle", Map.of("sortAttr", "deviceName", "page", middle)));
    all.add(page(cloud, env, "id begins with ab", Map.of("deviceId", "ab")));
    all.add(page(cloud, env, "a 16th by name", Map.of("deviceId", "a", "sortAttr", "deviceName")));
    all.add(page(cloud, env, "name begins with device-12", Map.of("deviceName", "device-12")));
    all.add(page(cloud, env, "every name, middle", Map.of("deviceName", "device", "page", middle)));
    all.add(page(cloud, env, "one serial number", Map.of("serialNumber", "sn-00000007")));
    all.add(page(cloud, env, "every serial number", Map.of("serialNumber", "SN", "page", middle)));
    all.add(page(cloud, env, "a group", Map.of("groups", "g3")));
    all.add(page(cloud, env, "two groups", Map.of("groups", "g3,g1")));
    all.add(
        page(cloud, env, "a group and a name", Map.of("groups", "g3", "deviceName", "device-1")));
    return all;
  }

  private static Times page(Cloud cloud, DemoEnv env, String kind, Map<String, String> query) {
    var millis = new ArrayList<Double>();
    for (int i = 0; i < TIMES; i++) {
      long start = System.nanoTime();
      var _ = total(cloud, env, query);
      millis.add((System.nanoTime() - start) / 1e6);
    }
    return times(kind, total(cloud, env, query), millis);
  }

  private static int total(Cloud cloud, DemoEnv env, Map<String, String> query) {
    return cloud
        .get(products(env) + "/devices?" + Cloud.encoded(query))
        .getJsonObject("meta")
        .getInteger("total_records");
  }

  private static Times times(String kind, int found, List<Double> millis) {
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int last = sorted.length - 1;
    return new Times(
        kind,
        found,
        sorted[last / 2],
        Arrays.stream(sorted).skip(last * 99L / 100).findFirst().orElse(0));
  }
}
