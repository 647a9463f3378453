package io.starling.testing.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The heap of another JVM of this machine, through {@code jcmd}. */
public final class JavaHeap {
  private static final Pattern USED = Pattern.compile("used (\\d+)([KMG])");

  private JavaHeap() {}

  /**
   * Collects garbage twice and reads how much of the heap is used then.
   *
   * @throws IllegalStateException when it is no JVM of this user
   */
  public static long usedAfterCollection(long pid) {
    var _ = jcmd(pid, "GC.run");
    var _ = jcmd(pid, "GC.run");
    return used(jcmd(pid, "GC.heap_info"));
  }

  /** The sum over the generations, without what lies outside the heap. */
  static long used(String heapInfo) {
    var total = 0L;
    for (var line : heapInfo.lines().toList()) {
      var match = USED.matcher(line);
      if (!line.contains("Metaspace") && !line.contains("class space") && match.find()) {
        var shift =
            switch (match.group(2)) {
              case "K" -> 10;
              case "M" -> 20;
              default -> 30;
            };
        total += Long.parseLong(match.group(1)) << shift;
      }
    }
    if (total == 0) {
      throw new IllegalStateException("no heap in: " + heapInfo);
    }
    return total;
  }

  private static String jcmd(long pid, String command) {
    var program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      var process =
          new ProcessBuilder(program, Long.toString(pid), command)
              .redirectErrorStream(true)
              .start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("jcmd " + pid + " " + command + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new IllegalStateException("could not run jcmd: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
