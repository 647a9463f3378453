package io.starling.testing.device;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What the virtual device can do: a function {@code led} and a variable {@code temp} that wanders
 * around 21 degrees. For one event loop.
 */
final class DemoFirmware {
  private final RandomGenerator random;
  private double temperature = 21;

  DemoFirmware(RandomGenerator random) {
    this.random = random;
  }

  /** What a message asks for: where to answer, what, and a line for the person who watches. */
  record Answer(String topic, Buffer payload, String line) {}

  /** The payload of {@code $cloud/describe}. */
  static JsonObject describe() {
    return new JsonObject()
        .put("functions", JsonArray.of("led"))
        .put("variables", new JsonObject().put("temp", "double"))
        .put(
            "firmware",
            new JsonObject().put("product", 1).put("version", 1).put("hash", firmwareHash()))
        .put("platform", "virtual");
  }

  /** The payload of {@code $cloud/vitals}: what this process knows of itself. */
  static JsonObject vitals() {
    var runtime = Runtime.getRuntime();
    long uptime = ManagementFactory.getRuntimeMXBean().getUptime() / 1_000;
    var memory =
        new JsonObject()
            .put("used", runtime.totalMemory() - runtime.freeMemory())
            .put("total", runtime.maxMemory());
    return new JsonObject()
        .put(
            "device",
            new JsonObject()
                .put("system", new JsonObject().put("uptime", uptime).put("memory", memory)));
  }

  /** The next measurement, as text. */
  String measure() {
    temperature = Math.clamp(temperature + random.nextGaussian() * 0.2, 15, 27);
    return temperature();
  }

  /**
   * Answers {@code $cloud/call/<function>/<request>}, {@code $cloud/read/<variable>/<request>} and
   * {@code $cloud/vitals/<request>}; empty for everything else.
   */
  Optional<Answer> answer(String topic, String argument) {
    var levels = topic.split("/", -1);
    if (levels.length == 3 && topic.startsWith("$cloud/vitals/")) {
      return Optional.of(new Answer(topic, vitals().toBuffer(), "told its vitals"));
    }
    if (levels.length != 4 || !levels[0].equals("$cloud")) {
      return Optional.empty();
    }
    var name = levels[2];
    var request = levels[3];
    return switch (levels[1]) {
      case "call" -> {
        var result = call(name, argument);
        var line = "call %s(\"%s\") -> %s".formatted(name, argument, result);
        yield Optional.of(new Answer("$cloud/return/" + request, Buffer.buffer(result), line));
      }
      case "read" -> {
        var value = read(name);
        var line = "read %s -> %s".formatted(name, value);
        yield Optional.of(new Answer("$cloud/value/" + request, Buffer.buffer(value), line));
      }
      default -> Optional.empty();
    };
  }

  private static String call(String function, String argument) {
    if (!function.equals("led")) {
      return error("no function " + function);
    }
    return switch (argument) {
      case "on" -> "1";
      case "off" -> "0";
      default -> "-1";
    };
  }

  private String read(String variable) {
    return variable.equals("temp") ? temperature() : error("no variable " + variable);
  }

  private String temperature() {
    return String.format(Locale.ROOT, "%.1f", temperature);
  }

  private static String error(String text) {
    return new JsonObject().put("error", text).encode();
  }

  private static String firmwareHash() {
    try {
      var text = "starling virtual device, firmware 1".getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
