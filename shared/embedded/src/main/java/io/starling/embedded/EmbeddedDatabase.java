package io.starling.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of our own on 127.0.0.1, with its data in one folder.
 *
 * <p>All methods block (a first start for seconds, a later one for some 100 ms) and may be called
 * from any thread: on Vert.x, use a worker. While an instance exists its folder is locked against
 * other processes, also while the server is stopped; {@link #close} gives it back.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private final Cluster cluster;
  private final Binaries binaries;
  private final Account account;
  private final EmbeddedSettings settings;
  private final FolderLock lock;
  private final Thread exitHook = new Thread(this::stop, "stop-embedded-database");
  private int port;
  private @Nullable Server server;

  private EmbeddedDatabase(
      Cluster cluster,
      Binaries binaries,
      Account account,
      EmbeddedSettings settings,
      FolderLock lock) {
    this.cluster = cluster;
    this.binaries = binaries;
    this.account = account;
    this.settings = settings;
    this.lock = lock;
    this.port = settings.port();
  }

  /** Starts with {@link EmbeddedSettings#durable}. */
  public static EmbeddedDatabase start(Path folder) {
    return start(folder, EmbeddedSettings.durable());
  }

  /**
   * Creates or reuses the cluster in this folder and returns when it accepts connections. A server
   * that a killed process left running on it is stopped first.
   *
   * @throws EmbeddedDatabaseException if the folder is in use, is not a cluster of this version, or
   *     the server does not start; the message carries the end of its log
   */
  public static EmbeddedDatabase start(Path folder, EmbeddedSettings settings) {
    return open(folder, settings, null);
  }

  static EmbeddedDatabase open(Path folder, EmbeddedSettings settings, @Nullable Account as) {
    try {
      Path home = Cluster.privateFolder(folder);
      FolderLock lock = FolderLock.take(home);
      try {
        return open(new Cluster(home), settings, as, lock);
      } catch (RuntimeException e) {
        lock.release();
        throw e;
      }
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot start a database in " + folder, e);
    }
  }

  private static EmbeddedDatabase open(
      Cluster cluster, EmbeddedSettings settings, @Nullable Account as, FolderLock lock) {
    Leftovers.stop(cluster);
    Account account = as == null ? Account.serving(cluster) : as;
    account.admit(cluster.folder());
    if (!account.enters(cluster.folder())) {
      throw new EmbeddedDatabaseException(
          "user %d, which PostgreSQL must run as, cannot enter %s"
              .formatted(account.owner(), cluster.folder()));
    }
    Binaries binaries = Binaries.install(cluster.folder(), account);
    cluster.prepare(binaries, account, settings.durability());
    var database = new EmbeddedDatabase(cluster, binaries, account, settings, lock);
    try {
      if (settings.stopOnExit()) {
        Runtime.getRuntime().addShutdownHook(database.exitHook);
      }
      database.restart();
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * Starts a streaming standby of this running server with its data in another folder, which must
   * be empty. It answers queries read-only until it is promoted.
   */
  public EmbeddedDatabase standby(Path folder, EmbeddedSettings settings) {
    try {
      Cluster target = new Cluster(Cluster.privateFolder(folder));
      new BaseBackup(cluster, jdbcUrl(), "127.0.0.1", port(), "standby").into(target);
      return start(folder, settings);
    } catch (IOException | SQLException e) {
      throw new EmbeddedDatabaseException("cannot make a standby in " + folder, e);
    }
  }

  /** Makes a standby a primary on the next timeline; returns when it accepts writes. */
  public void promote() {
    try (var connection = DriverManager.getConnection(jdbcUrl());
        var statement = connection.createStatement();
        var result = statement.executeQuery("select pg_promote(true, 20)")) {
      if (!result.next() || !result.getBoolean(1)) {
        throw new EmbeddedDatabaseException("the standby was not promoted within 20 s");
      }
    } catch (SQLException e) {
      throw new EmbeddedDatabaseException("the standby cannot be promoted", e);
    }
  }

  /** How to connect: {@code postgresql://user:password@127.0.0.1:port/database}. */
  public String uri() {
    return "postgresql://%s:%s@127.0.0.1:%d/%s"
        .formatted(Cluster.USER, cluster.password(), port(), Cluster.DATABASE);
  }

  /** The same for JDBC. */
  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s"
        .formatted(port(), Cluster.DATABASE, Cluster.USER, cluster.password());
  }

  /** The port, which does not change while this instance exists. */
  public synchronized int port() {
    return port;
  }

  /** Where everything of this database lies. */
  public Path folder() {
    return cluster.folder();
  }

  /** Whether the server process runs (also when frozen). */
  public synchronized boolean isRunning() {
    return server != null && server.isAlive();
  }

  /** Starts it again on the same data and port after {@link #stop} or {@link #kill}. */
  public synchronized void restart() {
    if (isRunning()) {
      throw new IllegalStateException("it runs already");
    }
    Leftovers.stop(cluster);
    cluster.rotateLog();
    for (int attempt = 1; ; attempt++) {
      int candidate = port == 0 ? Ports.free() : port;
      try {
        server = Server.start(cluster, command(candidate), settings.startTimeout());
        Account.leaveToOwner(cluster.folder());
        port = candidate;
        return;
      } catch (EmbeddedDatabaseException e) {
        // Somebody else was faster to bind the port that was free a moment ago.
        if (port != 0 || attempt == 5 || Ports.isFree(candidate)) {
          throw e;
        }
      }
    }
  }

  /**
   * Stops it orderly: disconnects clients, rolls back, writes everything. Stopped already: no-op.
   */
  public void stop() {
    stop(Server.STOP_LIMIT);
  }

  /** The same for one who cannot wait longer: then it is killed, and recovers at its next start. */
  public synchronized void stop(Duration limit) {
    if (server != null) {
      server.stop(limit);
      server = null;
    }
  }

  /** Kills all its processes at once, as a crash would. */
  public synchronized void kill() {
    if (server != null) {
      server.kill();
      server = null;
    }
  }

  /** Freezes all its processes: connections stay open and nothing answers. For tests. */
  public synchronized void freeze() {
    if (server != null) {
      server.freeze();
    }
  }

  /** Lets a frozen server go on. */
  public synchronized void thaw() {
    if (server != null) {
      server.thaw();
    }
  }

  /** Stops it and gives the folder back. */
  @Override
  public void close() {
    stop();
    lock.release();
    try {
      Runtime.getRuntime().removeShutdownHook(exitHook);
    } catch (IllegalStateException e) {
      // The JVM is ending; the hook finds it stopped.
    }
  }

  private List<String> command(int port) {
    return new ServerCommand(cluster, binaries, account, settings.durability())
        .at("127.0.0.1", port, settings.parameters());
  }
}
