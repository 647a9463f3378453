package io.starling.testing.region;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the processes of a region are started from.
 *
 * @param serverClassPath of a node
 * @param jvmFlags of a node, but for its heap
 */
public record Programs(String serverClassPath, List<String> jvmFlags) {
  /** As scripts/run starts the server. */
  private static final List<String> FLAGS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseCompactObjectHeaders",
          "-Djdk.tls.rejectClientInitiatedRenegotiation=true",
          // Of a member of a cluster: see scripts/lib.sh.
          "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.management/sun.management=ALL-UNNAMED",
          "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");

  public Programs {
    jvmFlags = List.copyOf(jvmFlags);
  }

  /** The jars of a built server, with what its rehearsal kept where there was one. */
  public static Programs of(Path lib) {
    var flags = new ArrayList<>(FLAGS);
    var rehearsed = lib.resolveSibling("starling.aot");
    if (Files.exists(rehearsed) && isNewest(rehearsed, lib)) {
      flags.addAll(List.of("-XX:AOTCache=" + rehearsed, "-Xlog:aot=off", "-Xlog:cds=off"));
    }
    return new Programs(lib.resolve("*").toString(), flags);
  }

  /** With other jars than it was made with the JVM does not say no, and runs code of both. */
  private static boolean isNewest(Path rehearsed, Path lib) {
    try (var jars = Files.list(lib)) {
      var made = Files.getLastModifiedTime(rehearsed);
      for (var jar : jars.toList()) {
        if (Files.getLastModifiedTime(jar).compareTo(made) > 0) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("could not look at " + lib, e);
    }
  }

  /** This JVM's own class path, of which the server is a part: in the server's own tests. */
  public static Programs ofThisJvm() {
    // Of nodes that live for a minute, half the time would go into compiling them.
    var flags = new ArrayList<>(FLAGS);
    flags.add("-XX:TieredStopAtLevel=1");
    return new Programs(System.getProperty("java.class.path"), flags);
  }
}
