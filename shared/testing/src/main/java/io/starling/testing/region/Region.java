package io.starling.testing.region;

import io.starling.testing.account.DemoEnv;
import io.starling.testing.process.DetachedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A region on this machine. Its processes are detached: they outlive this object and this JVM, and
 * another {@code Region} on the same folder finds them. Methods block and throw {@link
 * IllegalStateException} with one line for a person. Not for an event loop; not thread-safe.
 */
public final class Region implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofMinutes(2);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Path folder;
  private final RegionSettings settings;
  private final Programs programs;
  private final Consumer<String> progress;
  private final List<RegionNode> nodes;
  private final RegionDatabase database;
  private final Optional<Namespaces> namespaces;
  private final NodeProbe probe = new NodeProbe();

  private Region(
      Path folder, RegionSettings settings, Programs programs, Consumer<String> progress) {
    this.folder = folder;
    this.settings = settings;
    this.programs = programs;
    this.progress = progress;
    this.nodes =
        IntStream.rangeClosed(1, settings.nodes())
            .mapToObj(number -> new RegionNode(folder, settings, number))
            .toList();
    this.database =
        settings.standbyPort() == 0
            ? new KeptDatabase(folder, settings)
            : new PairedDatabase(folder, settings);
    this.namespaces =
        settings.namespaces() ? Optional.of(new Namespaces(folder, settings)) : Optional.empty();
  }

  /** A new region in this folder, which must have none. Starts nothing. */
  public static Region make(
      Path folder, RegionSettings settings, Programs programs, Consumer<String> progress) {
    if (RegionSettings.read(folder).isPresent()) {
      throw new IllegalStateException("there is a region in " + folder + " already");
    }
    settings.write(folder);
    return new Region(folder, settings, programs, progress);
  }

  /** A new region with a network of its own for each node, which root may cut. */
  public static Region makeInNamespaces(
      Path folder, RegionSettings settings, Programs programs, Consumer<String> progress) {
    Namespaces.require();
    return make(folder, settings.withNamespaces(Namespaces.network(folder)), programs, progress);
  }

  /** Whether nodes of a region could be cut off, which needs root. */
  public static boolean canCut() {
    try {
      Namespaces.require();
      return true;
    } catch (IllegalStateException _) {
      return false;
    }
  }

  /** The region in this folder, if there is one. */
  public static Optional<Region> find(Path folder, Programs programs, Consumer<String> progress) {
    return RegionSettings.read(folder)
        .map(settings -> new Region(folder, settings, programs, progress));
  }

  public RegionSettings settings() {
    return settings;
  }

  public List<RegionNode> nodes() {
    return nodes;
  }

  public RegionDatabase database() {
    return database;
  }

  Optional<Namespaces> namespaces() {
    return namespaces;
  }

  /** Whether this process runs in the hub of the region's namespaces. */
  public boolean isInside() {
    return namespaces.filter(Namespaces::isInside).isPresent();
  }

  /** The account to try with. */
  public DemoEnv demo() {
    return DemoEnv.of(folder);
  }

  /**
   * A node by its name or number.
   *
   * @throws IllegalStateException naming those that there are
   */
  public RegionNode node(String name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name) || Integer.toString(node.number()).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "there is no node %s; the nodes are node-1 to node-%d"
                        .formatted(name, nodes.size())));
  }

  /** Starts all that does not run, and returns when every node is ready. */
  public void start() {
    namespaces.ifPresent(Namespaces::create);
    progress.accept("starting the database");
    database.start();
    nodes.forEach(this::launch);
    nodes.forEach(this::awaitReady);
    new DemoAccount(folder, nodes.getFirst()).make();
  }

  /** Starts one node, and returns when it is ready. */
  public void start(RegionNode node) {
    launch(node);
    awaitReady(node);
  }

  /** Starts one node and does not wait for it; does nothing if it runs. */
  public void launch(RegionNode node) {
    if (node.process().state() == DetachedProcess.State.DEAD) {
      progress.accept("starting " + node.name() + " at " + node.host());
      node.start(programs, database.uris(), namespaces);
    }
  }

  private void awaitReady(RegionNode node) {
    var deadline = System.nanoTime() + READY_LIMIT.toNanos();
    var status = look(node);
    while (!status.ready()) {
      var dead = status.state() == NodeStatus.State.DEAD;
      if (dead || System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            "%s %s; the end of %s:%n%s"
                .formatted(
                    node.name(),
                    dead ? "has ended" : "is not ready after " + READY_LIMIT.toMinutes() + " min",
                    node.log(),
                    String.join("\n", DetachedProcess.tail(node.log(), 10))));
      }
      LockSupport.parkNanos(LOOK_NANOS);
      status = look(node);
    }
    progress.accept(node.name() + " is ready");
  }

  public void kill(RegionNode node) {
    requireAlive(node);
    node.process().kill();
  }

  public void freeze(RegionNode node) {
    requireAlive(node);
    node.process().freeze();
  }

  public void thaw(RegionNode node) {
    requireAlive(node);
    node.process().thaw();
  }

  /** Takes a node's network away, from clients, the database and other nodes. */
  public void cut(RegionNode node) {
    cables().cut(node.number());
  }

  public void heal(RegionNode node) {
    cables().heal(node.number());
  }

  private Namespaces cables() {
    Namespaces.require();
    return namespaces
        .filter(Namespaces::exist)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "only a region started with --namespaces (as root) has cables to cut"));
  }

  private static void requireAlive(RegionNode node) {
    if (node.process().state() == DetachedProcess.State.DEAD) {
      throw new IllegalStateException(node.name() + " does not run");
    }
  }

  /** Stops one node orderly. */
  public void stop(RegionNode node) {
    progress.accept("stopping " + node.name());
    node.stop();
  }

  /** Stops everything and leaves no process and no namespace behind. */
  public void stop() {
    progress.accept("stopping the nodes");
    namespaces
        .filter(Namespaces::exist)
        .ifPresent(cables -> nodes.forEach(node -> cables.heal(node.number())));
    var _ =
        each(
            node -> {
              node.stop();
              return node;
            });
    progress.accept("stopping the database");
    database.stop();
    namespaces.ifPresent(Namespaces::remove);
  }

  public RegionStatus status() {
    return new RegionStatus(each(this::look), database.servers());
  }

  private NodeStatus look(RegionNode node) {
    var cut =
        namespaces.filter(cables -> cables.exist() && cables.isCut(node.number())).isPresent();
    return probe.look(node, cut);
  }

  private <T> List<T> each(Function<RegionNode, T> action) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures =
          nodes.stream()
              .map(node -> CompletableFuture.supplyAsync(() -> action.apply(node), threads))
              .toList();
      return futures.stream().map(CompletableFuture::join).toList();
    }
  }

  /** Removes the folder of a region that is stopped. */
  public void wipe() {
    if (!status().isStopped()) {
      throw new IllegalStateException("the region runs: stop it first");
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new IllegalStateException("could not remove " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Gives up looking; the region goes on. */
  @Override
  public void close() {
    probe.close();
  }
}
