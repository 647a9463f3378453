package io.starling.testing.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where a result comes from: processors, memory, kernel, JDK and versions. */
record Machine(int processors, String processor, long memoryMegabytes, String kernel, String jdk) {
  private static final Pattern TOLD =
      Pattern.compile(
          "(starling-standalone|vertx-core|vertx-mqtt|netty-transport|ratis-server|hazelcast|HdrHistogram)-\\d.*");

  static Machine here() {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        line("/proc/cpuinfo", "model name"),
        Long.parseLong(line("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1024,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor.version", "") + " " + Runtime.version());
  }

  String describe() {
    return "%d x %s, %,d MiB, %s, JDK %s"
        .formatted(processors, processor, memoryMegabytes, kernel, jdk);
  }

  JsonObject json() {
    return new JsonObject()
        .put("processors", processors)
        .put("processor", processor)
        .put("memoryMegabytes", memoryMegabytes)
        .put("kernel", kernel)
        .put("jdk", jdk);
  }

  /** The libraries that matter, of this process and of the server. */
  static JsonArray versions(Path serverLib) {
    var own =
        Arrays.stream(System.getProperty("java.class.path").split(":", -1))
            .map(entry -> Path.of(entry).getFileName().toString());
    var all = Stream.concat(own, names(serverLib).stream());
    return new JsonArray(
        all.filter(name -> TOLD.matcher(name).matches()).distinct().sorted().toList());
  }

  private static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new IllegalStateException("could not read " + folder, e);
    }
  }

  private static String line(String file, String key) {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown 0");
    } catch (IOException e) {
      throw new IllegalStateException("could not read " + file, e);
    }
  }
}
