package io.starling.testing.region;

import io.starling.testing.process.DetachedProcess;
import io.starling.testing.process.Launch;
import io.starling.testing.process.Signals;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** One PostgreSQL server, held by a {@link DatabaseKeeper}. */
final class KeptDatabase implements RegionDatabase {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int CONNECT_MILLIS = 500;
  private static final List<String> FLAGS =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

  private final Path folder;
  private final Path log;
  private final String host;
  private final int port;
  private final DetachedProcess keeper;

  KeptDatabase(Path region, RegionSettings settings) {
    this.folder = region.resolve("database");
    this.log = region.resolve("database.log");
    this.host = settings.hubHost();
    this.port = settings.databasePort();
    this.keeper = new DetachedProcess("the database", region.resolve("database.pid"));
  }

  @Override
  public void start() {
    if (keeper.state() != DetachedProcess.State.DEAD && answers()) {
      return;
    }
    keeper.kill();
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new IllegalStateException(log + ": " + e.getMessage(), e);
    }
    var launch =
        Launch.java(
            DatabaseKeeper.class,
            FLAGS,
            List.of(folder.toAbsolutePath().toString(), Integer.toString(port), host));
    keeper.start(DetachedProcess.apart(launch), log);
    awaitReady();
  }

  private void awaitReady() {
    var deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!DetachedProcess.tail(log, 20).contains(DatabaseKeeper.READY)) {
      if (keeper.state() == DetachedProcess.State.DEAD || System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            "the database does not start:\n" + String.join("\n", DetachedProcess.tail(log, 10)));
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  @Override
  public void stop() {
    if (!keeper.stop(STOP_LIMIT)) {
      kill();
    }
    postmaster().ifPresent(left -> Signals.send("INT", left.pid()));
  }

  @Override
  public void kill() {
    keeper.kill();
    postmaster()
        .ifPresent(
            server ->
                // The server first, or it would start again what it sees ending.
                Stream.concat(Stream.of(server), server.descendants())
                    .toList()
                    .forEach(process -> Signals.send("KILL", process.pid())));
  }

  @Override
  public void killAll() {
    kill();
  }

  @Override
  public String uris() {
    return "postgresql://starling:%s@%s:%d/starling".formatted(password(), host, port);
  }

  @Override
  public List<String> jdbcUrls() {
    return List.of(
        "jdbc:postgresql://%s:%d/starling?user=starling&password=%s&connectTimeout=5"
            .formatted(host, port, password()));
  }

  @Override
  public List<DatabaseStatus> servers() {
    var up = answers();
    return List.of(
        new DatabaseStatus("postgres", up, host + ":" + port + (up ? "" : " does not answer")));
  }

  private boolean answers() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return postmaster().isPresent();
    } catch (IOException _) {
      return false;
    }
  }

  private String password() {
    try {
      return Files.readString(folder.resolve("password")).strip();
    } catch (IOException e) {
      throw new IllegalStateException("the database was never started", e);
    }
  }

  /** The server itself, which its file names, if that process is a PostgreSQL of this folder. */
  private Optional<ProcessHandle> postmaster() {
    var data = folder.resolve("data");
    try {
      var pid =
          Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
      var works = Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd"));
      return works.equals(data.toRealPath()) ? ProcessHandle.of(pid) : Optional.empty();
    } catch (IOException | NumberFormatException | NoSuchElementException _) {
      return Optional.empty();
    }
  }
}
