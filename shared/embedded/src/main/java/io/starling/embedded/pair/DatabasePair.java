package io.starling.embedded.pair;

import io.starling.embedded.DetachedServer;
import io.starling.embedded.EmbeddedDatabaseException;
import io.starling.embedded.FolderLock;
import io.starling.embedded.pair.Member.Mark;
import io.starling.embedded.pair.PairStatus.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Two PostgreSQL servers in one folder, {@code a} and {@code b}, of which one is the primary and
 * the other its synchronous standby. They run on when the process ends that started them.
 *
 * <p>All methods block and are for one thread; any number of processes may hold a pair of the same
 * folder, and what they do is done one after the other. Names are {@code a} or {@code b}.
 */
public final class DatabasePair {
  private static final Duration TURN = Duration.ofSeconds(1);
  private static final Duration HURRIED_TURN = Duration.ofMillis(100);

  private static final Duration PROMOTION_LIMIT = Duration.ofSeconds(60);

  private final Path folder;
  private final PairLock lock;
  private final Steps steps;
  private final Warden warden;

  private DatabasePair(Path folder, PairSettings settings, Consumer<String> listener) {
    this.folder = folder;
    this.lock = new PairLock(folder.resolve("lock"));
    this.steps =
        new Steps(
            folder, Member.of(folder, "a", "b", settings), Member.of(folder, "b", "a", settings));
    this.warden = new Warden(folder, steps, settings, listener);
  }

  /**
   * The pair in a folder, which is made if it is not there; nothing is started.
   *
   * @param settings kept for {@link #open(Path, Consumer)}; they count from the next start of a
   *     server and of a warden
   * @param listener gets a line for everything that is done, with the time
   */
  public static DatabasePair open(Path folder, PairSettings settings, Consumer<String> listener) {
    try {
      if (!Files.exists(folder)) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Path real = folder.toRealPath();
      settings.write(real);
      return new DatabasePair(real, settings, listener);
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot open a pair in " + folder, e);
    }
  }

  /**
   * The pair that is in this folder.
   *
   * @throws EmbeddedDatabaseException if there is none
   */
  public static DatabasePair open(Path folder, Consumer<String> listener) {
    try {
      Path real = folder.toRealPath();
      return new DatabasePair(real, PairSettings.read(real), listener);
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("there is no pair in " + folder, e);
    }
  }

  /**
   * Makes the pair on its first start, starts both servers, and returns when every commit is on
   * both disks. Whatever was put down on purpose is no longer.
   *
   * @throws EmbeddedDatabaseException if that takes longer than the limit, with how things stand
   */
  public PairStatus start(Duration limit) {
    lock.hold(
        () -> {
          if (!steps.a().server().hasData() && !steps.b().server().hasData()) {
            steps.a().server().create();
          }
          steps.a().remove(Mark.DOWN);
          steps.b().remove(Mark.DOWN);
          remove(stopped());
        });
    return await(limit, status -> status.state() == State.IN_SYNC);
  }

  /** Stops both servers orderly; the warden lets them be until the next {@link #start}. */
  public void stop() {
    lock.hold(
        () -> {
          WholeFile.write(stopped(), "");
          // The primary first: it hands over what it has before it ends.
          Member first = steps.a().server().isStandby() ? steps.b() : steps.a();
          first.server().stop();
          steps.other(first).server().stop();
        });
  }

  /**
   * Takes away the mark that keeps a server down. A warden starts it within some seconds, as what
   * it may be now: this returns when it answers.
   */
  public PairStatus start(String name, Duration limit) {
    Member member = steps.member(name);
    lock.hold(
        () -> {
          member.server().thaw();
          member.remove(Mark.DOWN);
        });
    return await(
        limit,
        status ->
            switch (status.server(name).role()) {
              case PRIMARY, STANDBY -> true;
              case SILENT, DEAD -> false;
            });
  }

  /** Stops one server orderly, as maintenance would; it stays down until it is started. */
  public void stop(String name) {
    putDown(name, DetachedServer::stop);
  }

  /** Kills all processes of a server, as a power loss would; it stays down until it is started. */
  public void kill(String name) {
    putDown(name, DetachedServer::kill);
  }

  /** Freezes all processes of a server. */
  public void freeze(String name) {
    steps.member(name).server().freeze();
  }

  /** Lets a frozen server go on. */
  public void thaw(String name) {
    steps.member(name).server().thaw();
  }

  /**
   * Makes a standby the primary and ends the other one, which becomes its standby.
   *
   * @param force also if it may lack what the other one acknowledged
   * @throws EmbeddedDatabaseException if it may lack something, or is not promoted within a minute
   */
  public void promote(String name, boolean force) {
    Member next = steps.member(name);
    lock.hold(
        () -> {
          Memory memory = Memory.read(folder);
          if (isStopped() || next.has(Mark.DOWN)) {
            throw new EmbeddedDatabaseException(name + " is stopped on purpose: start it first");
          }
          if (!force && !(memory.inSync() && !memory.primary().equals(name))) {
            throw new EmbeddedDatabaseException(
                name + " is no standby that is known to hold everything");
          }
          warden.tell("an operator promotes " + name + (force ? " by force" : ""));
          memory.withPromoting(name).write(folder);
        });
    PairStatus _ = await(PROMOTION_LIMIT, status -> status.primary().equals(name));
  }

  /** One server, for its process id, its log, its address. */
  public DetachedServer server(String name) {
    return steps.member(name).server();
  }

  /** How to reach both, for {@code STARLING_DATABASE}; known after the first start. */
  public String uris() {
    return steps.a().server().uri() + "," + steps.b().server().uri();
  }

  /** What a warden or a command saw last: JSON on one line. */
  public Path statusFile() {
    return folder.resolve("status.json");
  }

  /** Looks, for some seconds at most, and changes nothing. */
  public PairStatus status() {
    return warden.report(isStopped());
  }

  /**
   * Keeps the pair until this thread is interrupted.
   *
   * @throws EmbeddedDatabaseException if another process does so already
   */
  public void keep() {
    try {
      FolderLock only =
          FolderLock.tryTake(folder.resolve("warden.lock"))
              .orElseThrow(
                  () -> new EmbeddedDatabaseException(folder + " has another warden already"));
      try {
        while (!Thread.currentThread().isInterrupted()) {
          long start = System.nanoTime();
          turnOrTell();
          pause(TURN.minusNanos(System.nanoTime() - start));
        }
      } finally {
        only.release();
      }
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot keep " + folder, e);
    }
  }

  /** A turn that fails, say on a full disk, is not the last one. */
  private void turnOrTell() {
    try {
      PairStatus _ = turn();
    } catch (EmbeddedDatabaseException | UncheckedIOException e) {
      warden.tell("cannot look after the pair: " + e.getMessage());
    }
  }

  private PairStatus turn() {
    return lock.hold(
        () -> {
          PairStatus status = isStopped() ? warden.rest() : warden.turn();
          WholeFile.write(statusFile(), status.toJson() + "\n");
          return status;
        });
  }

  /** With a warden this is one more pair of hands; without one it does the warden's work. */
  private PairStatus await(Duration limit, Function<PairStatus, Boolean> condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    PairStatus status = turn();
    while (!condition.apply(status)) {
      if (System.nanoTime() > deadline) {
        throw new EmbeddedDatabaseException("not within " + limit + ": " + status.toJson());
      }
      pause(HURRIED_TURN);
      status = turn();
    }
    return status;
  }

  private void putDown(String name, Consumer<DetachedServer> how) {
    Member member = steps.member(name);
    member.put(Mark.DOWN);
    // At once, and again under the lock, in case the warden was about to start it.
    how.accept(member.server());
    lock.hold(() -> how.accept(member.server()));
  }

  private boolean isStopped() {
    return Files.exists(stopped());
  }

  private Path stopped() {
    return folder.resolve("stopped");
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot remove " + file, e);
    }
  }

  private static void pause(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(Math.max(0, time.toNanos()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
