package io.starling.testing.region;

import io.starling.embedded.EmbeddedDatabaseException;
import io.starling.embedded.pair.DatabasePair;
import io.starling.embedded.pair.PairSettings;
import io.starling.embedded.pair.PairSettings.Address;
import io.starling.embedded.pair.PairStatus;
import io.starling.embedded.pair.PairStatus.Role;
import io.starling.embedded.pair.WardenCommand;
import io.starling.testing.process.DetachedProcess;
import io.starling.testing.process.Launch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A primary and its synchronous standby, and the warden that keeps them. */
final class PairedDatabase implements RegionDatabase {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration WARDEN_LIMIT = Duration.ofSeconds(10);
  private static final List<String> NAMES = List.of("a", "b");
  private static final List<String> FLAGS =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

  private final Path folder;
  private final Path log;
  private final PairSettings settings;
  private final DetachedProcess warden;

  PairedDatabase(Path region, RegionSettings settings) {
    this.folder = region.resolve("database");
    this.log = region.resolve("database.log");
    this.settings =
        PairSettings.durable(
            new Address(settings.hubHost(), settings.databasePort()),
            new Address(settings.hubHost(), settings.standbyPort()));
    this.warden = new DetachedProcess("the database's warden", region.resolve("database.pid"));
  }

  @Override
  public void start() {
    var pair = told(() -> DatabasePair.open(folder, settings, _ -> {}));
    if (warden.state() != DetachedProcess.State.RUNNING) {
      warden.kill();
      var launch = Launch.java(WardenCommand.class, FLAGS, List.of(path(), "keep"));
      warden.start(DetachedProcess.apart(launch), log);
    }
    var _ = told(() -> pair.start(START_LIMIT));
  }

  private String path() {
    return folder.toAbsolutePath().toString();
  }

  @Override
  public void stop() {
    if (exists()) {
      var _ =
          told(
              () -> {
                pair().stop();
                return "";
              });
    }
    var _ = warden.stop(WARDEN_LIMIT);
  }

  @Override
  public void kill() {
    var primary = told(() -> pair().status().primary());
    if (primary.isEmpty()) {
      throw new IllegalStateException("there is no primary to kill");
    }
    var _ =
        told(
            () -> {
              pair().kill(primary);
              return primary;
            });
  }

  @Override
  public void killAll() {
    var _ =
        told(
            () -> {
              var pair = pair();
              NAMES.forEach(pair::kill);
              return "";
            });
  }

  @Override
  public String uris() {
    return told(() -> pair().uris());
  }

  @Override
  public List<String> jdbcUrls() {
    var primary = told(() -> pair().status().primary());
    return Stream.concat(
            NAMES.stream().filter(primary::equals),
            NAMES.stream().filter(name -> !name.equals(primary)))
        .map(name -> told(() -> pair().server(name).jdbcUrl()))
        .toList();
  }

  @Override
  public List<DatabaseStatus> servers() {
    if (!exists()) {
      return List.of(new DatabaseStatus("postgres", false, "was never started"));
    }
    var status = told(() -> pair().status());
    return status.servers().stream().map(server -> status(status, server)).toList();
  }

  private static DatabaseStatus status(PairStatus pair, PairStatus.ServerStatus server) {
    var role = server.role().name().toLowerCase(Locale.ROOT);
    var answers = server.role() == Role.PRIMARY || server.role() == Role.STANDBY;
    var well = pair.state() == PairStatus.State.IN_SYNC;
    return new DatabaseStatus(
        "db-" + server.name(),
        answers,
        server.address() + " " + role + (well || pair.why().isEmpty() ? "" : "; " + pair.why()));
  }

  private boolean exists() {
    return Files.exists(folder.resolve("pair.properties"));
  }

  private DatabasePair pair() {
    return DatabasePair.open(folder, _ -> {});
  }

  /** What goes wrong there is told as everything here is. */
  private static <T> T told(Supplier<T> action) {
    try {
      return action.get();
    } catch (EmbeddedDatabaseException e) {
      throw new IllegalStateException("the database: " + e.getMessage(), e);
    }
  }
}
