package io.starling.embedded;

import io.starling.embedded.EmbeddedSettings.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server in one folder on one address that outlives the process which started it.
 *
 * <p>Holds nothing but names: several instances, also in several processes, may speak of the same
 * server, whose processes are found by the folder that they work in. Methods block and are not
 * synchronized: of those who change something there is one at a time, which is for the caller to
 * ensure.
 */
public final class DetachedServer {
  private static final String BACKUP_LIMITS = "&connectTimeout=5&socketTimeout=120";

  /** Whoever is on a network of ours, with the password; the server listens on one address. */
  private static final String WHO_MAY_CONNECT =
      """
      host all all 127.0.0.0/8 scram-sha-256
      host all all samenet scram-sha-256
      host replication all 127.0.0.0/8 scram-sha-256
      host replication all samenet scram-sha-256
      """;

  private final Cluster cluster;
  private final String host;
  private final int port;
  private final Durability durability;
  private final Map<String, String> parameters;
  private @Nullable Process launched;

  /**
   * @param folder made if it is not there
   * @param parameters further server parameters, as in postgresql.conf
   */
  public DetachedServer(
      Path folder, String host, int port, Durability durability, Map<String, String> parameters) {
    try {
      this.cluster = new Cluster(Cluster.privateFolder(folder));
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot make " + folder, e);
    }
    this.host = host;
    this.port = port;
    this.durability = durability;
    this.parameters = Map.copyOf(parameters);
  }

  /** A port of this machine that is free now. */
  public static int freePort() {
    return Ports.free();
  }

  /** Makes an empty cluster; one that is there is kept. */
  public void create() {
    boolean isNew = !hasData();
    Account account = account();
    cluster.prepare(Binaries.install(cluster.folder(), account), account, durability);
    if (isNew) {
      write("pg_hba.conf", WHO_MAY_CONNECT);
      write("postgresql.auto.conf", ServerCommand.lasting(durability));
    }
  }

  /** Whether there is a cluster, running or not. */
  public boolean hasData() {
    return Files.exists(cluster.data());
  }

  /**
   * Starts the process, unless it runs, and returns at once: it may take its time to recover.
   *
   * @throws EmbeddedDatabaseException if there is no cluster, or not one of this version
   */
  public void launch() {
    if (isRunning()) {
      return;
    }
    Leftovers.stop(cluster);
    Account account = account();
    Binaries binaries = Binaries.install(cluster.folder(), account);
    cluster.check(binaries);
    cluster.rotateLog();
    ServerCommand command = new ServerCommand(cluster, binaries, account, durability);
    launched = Server.launch(cluster, command.at(host, port, parameters));
    Account.leaveToOwner(cluster.folder());
  }

  /** Whether its process exists, also when it is frozen or recovering. */
  public boolean isRunning() {
    Process ours = launched;
    return (ours != null && ours.isAlive()) || pid().isPresent();
  }

  /** The process id of the server, to which its other processes are children. */
  public OptionalLong pid() {
    return new Processes(cluster)
        .postmaster()
        .map(process -> OptionalLong.of(process.pid()))
        .orElse(OptionalLong.empty());
  }

  /** Stops it orderly, also when it is frozen; after 20 s it is killed. No-op if it is stopped. */
  public void stop() {
    Leftovers.stop(cluster);
    endLaunched();
  }

  /** Kills all its processes at once, also frozen ones; returns when they are gone. */
  public void kill() {
    new Processes(cluster).kill();
    endLaunched();
  }

  /** Freezes all its processes: connections stay open and nothing answers. */
  public void freeze() {
    new Processes(cluster).freeze();
  }

  /** Lets a frozen server go on. */
  public void thaw() {
    new Processes(cluster).thaw();
  }

  /** Whether it would start, or has started, as a standby: read-only until it is promoted. */
  public boolean isStandby() {
    return Files.exists(cluster.data().resolve("standby.signal"));
  }

  /** Makes a stopped one start read-only from now on, whoever starts it. */
  public void bar() {
    if (hasData()) {
      write("standby.signal", "");
    }
  }

  /**
   * The highest timeline of which there is log on its disk, which each promotion raises; 0 without
   * a cluster.
   */
  public long timeline() {
    return new Timelines(cluster).highest();
  }

  /**
   * Tells this standby of the timelines that the other one has seen, so that its own next one is
   * higher than each of them; else two different histories could bear the same number.
   */
  public void learnTimelinesOf(DetachedServer other) {
    new Timelines(cluster).learn(new Timelines(other.cluster), account());
  }

  /**
   * Makes this stopped one a standby of a running primary with a fresh copy of its data. What was
   * here before is kept as {@code data.replaced} until the next time.
   *
   * @param name by which it makes itself known to the primary
   * @throws EmbeddedDatabaseException if the copy cannot be made; then nothing has changed
   */
  public void copyFrom(DetachedServer primary, String name) {
    if (isRunning()) {
      throw new IllegalStateException(cluster.folder() + " is in use");
    }
    Path making = cluster.folder().resolve("making");
    try {
      Cache.delete(making);
      Cluster made = new Cluster(Cluster.privateFolder(making));
      String url = primary.jdbcUrl() + BACKUP_LIMITS;
      new BaseBackup(primary.cluster, url, primary.host, primary.port, name).into(made);
      move(made.folder().resolve("password"), cluster.folder().resolve("password"));
      Path replaced = cluster.folder().resolve("data.replaced");
      Cache.delete(replaced);
      if (hasData()) {
        move(cluster.data(), replaced);
      }
      move(made.data(), cluster.data());
      Cache.delete(making);
    } catch (IOException | SQLException e) {
      throw new EmbeddedDatabaseException(
          "cannot copy %s to %s".formatted(primary.folder(), folder()), e);
    }
  }

  /** Where everything of this server lies; its log is {@code postgres.log}. */
  public Path folder() {
    return cluster.folder();
  }

  /** Host and port. */
  public String address() {
    return host + ":" + port;
  }

  /** How to connect: {@code postgresql://user:password@host:port/database}. */
  public String uri() {
    return "postgresql://%s:%s@%s/%s"
        .formatted(Cluster.USER, cluster.password(), address(), Cluster.DATABASE);
  }

  /** The same for JDBC. */
  public String jdbcUrl() {
    return "jdbc:postgresql://%s/%s?user=%s&password=%s"
        .formatted(address(), Cluster.DATABASE, Cluster.USER, cluster.password());
  }

  private Account account() {
    Account account = Account.serving(cluster);
    Path parent = Objects.requireNonNull(cluster.folder().getParent());
    if (!account.isOurs() && !account.enters(parent)) {
      account.admit(parent);
    }
    account.admit(cluster.folder());
    if (!account.enters(cluster.folder())) {
      throw new EmbeddedDatabaseException(
          "user %d, which PostgreSQL must run as, cannot enter %s"
              .formatted(account.owner(), cluster.folder()));
    }
    return account;
  }

  /** One that had not come as far as to tell its process id. */
  private void endLaunched() {
    Process ours = launched;
    launched = null;
    if (ours != null && ours.isAlive()) {
      Signal.KILL.send(ours.toHandle());
      Server.expectEnd(ours.toHandle());
    }
  }

  private void write(String name, String text) {
    Path file = cluster.data().resolve(name);
    try {
      Files.writeString(file, text);
      account().own(file);
      Cache.flush(file);
      Cache.flush(cluster.data());
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot write " + file, e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
