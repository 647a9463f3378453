package io.starling.testing.region;

import io.starling.testing.process.Launch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/**
 * A network namespace for each node and a hub that joins them by a bridge, for root on Linux.
 * Nothing of the machine's own network is touched: what is made lives and ends with the namespaces,
 * whose names begin with something of the data folder. Clients, and the database, are in the hub.
 */
final class Namespaces {
  /** Set for commands that run in the hub already. */
  static final String INSIDE = "STARLING_REGION_INSIDE";

  private static final String BRIDGE = "bridge";
  private static final int LIMIT_SECONDS = 10;

  private final String prefix;
  private final RegionSettings settings;

  Namespaces(Path folder, RegionSettings settings) {
    this.prefix = "starling-%06x".formatted(number(folder) & 0xffffff);
    this.settings = settings;
  }

  /** A network that other regions of this machine hardly have. */
  static String network(Path folder) {
    var number = number(folder);
    return "10.%d.%d".formatted(64 + number % 64, number / 64 % 250);
  }

  private static long number(Path folder) {
    var crc = new CRC32();
    crc.update(folder.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }

  /**
   * Fails with what is missing.
   *
   * @throws IllegalStateException in one line
   */
  static void require() {
    if (!isRoot()) {
      throw new IllegalStateException("network namespaces need root: start the region as root");
    }
    if (!succeeds(List.of("ip", "netns", "list"))) {
      throw new IllegalStateException(
          "network namespaces need the command ip (package iproute2) and the right to use it");
    }
  }

  private static boolean isRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }

  String hub() {
    return prefix + "-hub";
  }

  private String of(int node) {
    return prefix + "-" + node;
  }

  private static String cable(int node) {
    return "node-" + node;
  }

  boolean exist() {
    return run(List.of("ip", "netns", "list")).lines().anyMatch(line -> name(line).equals(hub()));
  }

  /** Makes what is not there. */
  void create() {
    if (exist()) {
      return;
    }
    try {
      in("", "netns", "add", hub());
      in(hub(), "link", "set", "lo", "up");
      in(hub(), "link", "add", BRIDGE, "type", "bridge");
      in(hub(), "addr", "add", settings.hubHost() + "/24", "dev", BRIDGE);
      in(hub(), "link", "set", BRIDGE, "up");
      for (var node = 1; node <= settings.nodes(); node++) {
        create(node);
      }
    } catch (IllegalStateException e) {
      remove();
      throw e;
    }
  }

  private void create(int node) {
    in("", "netns", "add", of(node));
    in(of(node), "link", "set", "lo", "up");
    in(
        hub(),
        "link",
        "add",
        cable(node),
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        of(node));
    in(hub(), "link", "set", cable(node), "master", BRIDGE);
    in(hub(), "link", "set", cable(node), "up");
    in(of(node), "addr", "add", settings.host(node) + "/24", "dev", "eth0");
    in(of(node), "link", "set", "eth0", "up");
  }

  /** Removes all; what is not there is no mistake. */
  void remove() {
    run(List.of("ip", "netns", "list"))
        .lines()
        .map(Namespaces::name)
        .filter(name -> name.startsWith(prefix + "-"))
        .forEach(name -> in("", "netns", "delete", name));
  }

  void cut(int node) {
    in(hub(), "link", "set", cable(node), "down");
  }

  void heal(int node) {
    in(hub(), "link", "set", cable(node), "up");
  }

  boolean isCut(int node) {
    var line = run(List.of("ip", "-n", hub(), "-o", "link", "show", cable(node)));
    var flags = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    return !List.of(flags.split(",", -1)).contains("UP");
  }

  /** The same in a node's network. */
  Launch inNode(int node, Launch launch) {
    return launch.through(List.of("ip", "netns", "exec", of(node)));
  }

  /** A command before which everything runs in the hub. */
  List<String> inHub() {
    return List.of("ip", "netns", "exec", hub());
  }

  /** Whether this process runs there. */
  boolean isInside() {
    return hub().equals(System.getenv(INSIDE));
  }

  private static String name(String line) {
    return line.strip().split(" ", 2)[0];
  }

  private static void in(String namespace, String... arguments) {
    var command = new ArrayList<>(List.of("ip"));
    if (!namespace.isEmpty()) {
      command.addAll(List.of("-n", namespace));
    }
    command.addAll(List.of(arguments));
    var _ = run(command);
  }

  private static boolean succeeds(List<String> command) {
    try {
      var _ = run(command);
      return true;
    } catch (IllegalStateException _) {
      return false;
    }
  }

  private static String run(List<String> command) {
    var text = String.join(" ", command);
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("\"" + text + "\" failed: " + output.strip());
      }
      return output;
    } catch (IOException e) {
      throw new IllegalStateException("\"" + text + "\" failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
