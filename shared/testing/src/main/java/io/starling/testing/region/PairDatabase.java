package io.starling.testing.region;

import io.starling.embedded.EmbeddedDatabaseException;
import io.starling.embedded.pair.DatabasePair;
import io.starling.embedded.pair.PairSettings;
import io.starling.embedded.pair.PairStatus;
import io.starling.embedded.pair.WardenCommand;
import io.starling.testing.process.DetachedProcess;
import io.starling.testing.process.Launch;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A PostgreSQL primary and its synchronous standby, kept by a warden of their own: it replaces a
 * primary that is silent for ten seconds.
 */
final class PairDatabase implements RegionDatabase {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final List<String> FLAGS =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

  private final Path folder;
  private final Path log;
  private final PairSettings settings;
  private final DetachedProcess warden;

  PairDatabase(Path region, RegionSettings settings) {
    this.folder = region.resolve("database");
    this.log = region.resolve("database.log");
    int port = settings.databasePort();
    // Of two zones; nodes with a network of their own reach both by the hub.
    this.settings =
        settings.namespaces()
            ? PairSettings.durable(
                new PairSettings.Address(settings.hubHost(), port),
                new PairSettings.Address(settings.hubHost(), port + 1))
            : PairSettings.durable(
                new PairSettings.Address(settings.host(1), port),
                new PairSettings.Address(settings.host(2), port));
    this.warden = new DetachedProcess("the database's warden", region.resolve("database.pid"));
  }

  private DatabasePair pair() {
    return Files.exists(folder)
        ? DatabasePair.open(folder, _ -> {})
        : DatabasePair.open(folder, settings, _ -> {});
  }

  @Override
  public void start() {
    try {
      var pair = pair();
      if (warden.state() == DetachedProcess.State.DEAD) {
        var launch =
            Launch.java(
                WardenCommand.class, FLAGS, List.of(folder.toAbsolutePath().toString(), "keep"));
        warden.start(DetachedProcess.apart(launch), log);
      }
      PairStatus _ = pair.start(START_LIMIT);
    } catch (EmbeddedDatabaseException e) {
      throw new IllegalStateException("the database does not start: " + e.getMessage(), e);
    }
  }

  @Override
  public void stop() {
    try {
      if (Files.exists(folder)) {
        pair().stop();
      }
    } catch (EmbeddedDatabaseException e) {
      throw new IllegalStateException("the database does not stop: " + e.getMessage(), e);
    } finally {
      if (!warden.stop(STOP_LIMIT)) {
        warden.kill();
      }
    }
  }

  @Override
  public void kill() {
    var pair = pair();
    var primary = pair.status().primary();
    if (primary.isEmpty()) {
      throw new IllegalStateException("there is no primary to kill");
    }
    pair.kill(primary);
  }

  @Override
  public String uris() {
    return pair().uris();
  }

  @Override
  public List<String> jdbcUrls() {
    return Arrays.stream(uris().split(",", -1)).map(PairDatabase::jdbc).toList();
  }

  /** Only of the one that takes writes: the other may lag behind it. */
  private static String jdbc(String text) {
    var uri = URI.create(text);
    var user = uri.getUserInfo().split(":", 2);
    return "jdbc:postgresql://%s:%d%s?user=%s&password=%s&targetServerType=primary&connectTimeout=5"
        .formatted(uri.getHost(), uri.getPort(), uri.getPath(), user[0], user[1]);
  }

  @Override
  public List<DatabaseStatus> servers() {
    if (!Files.exists(folder)) {
      return List.of(new DatabaseStatus("postgres", false, "never started"));
    }
    var status = pair().status();
    return status.servers().stream()
        .map(
            server ->
                new DatabaseStatus(
                    "postgres " + server.name(),
                    switch (server.role()) {
                      case PRIMARY, STANDBY -> true;
                      case SILENT, DEAD -> false;
                    },
                    note(server)))
        .toList();
  }

  private static String note(PairStatus.ServerStatus server) {
    return server.address()
        + " "
        + switch (server.role()) {
          case PRIMARY -> "primary";
          case STANDBY -> "standby";
          case SILENT -> "runs and does not answer";
          case DEAD -> server.down() ? "stopped" : "does not run";
        };
  }
}
