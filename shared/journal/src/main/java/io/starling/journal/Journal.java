package io.starling.journal;

import io.micrometer.core.instrument.MeterRegistry;
import io.starling.journal.JournalException.Kind;
import io.starling.journal.disk.Ballast;
import io.starling.journal.disk.JournalFolder;
import io.starling.journal.disk.LogCheck;
import io.starling.journal.membership.HandOver;
import io.starling.journal.membership.JournalAddress;
import io.starling.journal.membership.Leaders;
import io.starling.journal.membership.Membership;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs of this process, in one folder. Thread-safe. Lives until {@link #close()}, or until its
 * disk fails: then every append fails, {@code onFatal} is called, and only a new process can go on.
 */
public final class Journal {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final long TICK_MILLIS = 1000;
  private static final int TICKS_PER_TURN = 30;
  private static final long SETTLE_SECONDS = 5;
  private static final long DRAIN_MILLIS = 500;
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(3);

  private final Vertx vertx;
  private final WorkerExecutor workers;
  private final JournalFolder folder;
  private final RaftHost raft;
  private final DiskGuard disk;
  private final Fatality fatality;
  private final JournalMeters meters;
  private final Map<String, JournalLog> logs;
  private final Membership membership;
  private final Rounds rounds;
  private final long timer;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean ticking = new AtomicBoolean();
  private int ticks;

  private Journal(Parts parts, Vertx vertx, JournalConfig config, Map<String, JournalLog> logs) {
    this.vertx = vertx;
    this.workers = parts.workers;
    this.folder = parts.folder;
    this.raft = parts.raft;
    this.disk = parts.disk;
    this.fatality = parts.fatality;
    this.meters = parts.meters;
    this.logs = logs;
    List<JournalAddress> asked =
        config.replicas().isEmpty() ? List.of(raft.self().address()) : config.replicas();
    this.membership = new Membership(vertx, workers, raft.neighbours(), asked);
    Leaders leaders = new Leaders(raft.self(), raft.neighbours(), asked);
    this.rounds = new Rounds(raft, disk, fatality, leaders, List.copyOf(logs.values()));
    this.timer = vertx.setPeriodic(TICK_MILLIS, _ -> tick());
  }

  private record Parts(
      WorkerExecutor workers,
      JournalFolder folder,
      RaftHost raft,
      DiskGuard disk,
      Fatality fatality,
      JournalMeters meters) {}

  /**
   * Opens the folder and hosts its logs. Checks every log file first, at disk speed. Succeeds when
   * the logs are hosted and a leader of each is known, or after 5 s without one, or when this is a
   * new disk that waits to be taken in ({@link #membership()}); fails with UNUSABLE and a message
   * for the operator.
   */
  public static Future<Journal> open(Vertx vertx, JournalConfig config, MeterRegistry registry) {
    return open(vertx, config, registry, InstantSource.system());
  }

  static Future<Journal> open(
      Vertx vertx, JournalConfig config, MeterRegistry registry, InstantSource clock) {
    WorkerExecutor workers =
        vertx.createSharedWorkerExecutor(
            "journal-" + config.folder(), config.logs().size() + 2, 10, TimeUnit.MINUTES);
    return workers
        .executeBlocking(() -> openNow(vertx, workers, config, registry, clock), false)
        .recover(
            failure ->
                workers.close().transform(_ -> Future.failedFuture(unusable(config, failure))));
  }

  private static JournalException unusable(JournalConfig config, Throwable failure) {
    Throwable cause = failure.getMessage() == null ? new IllegalStateException(failure) : failure;
    String message = "the journal in " + config.folder() + " does not open: " + cause.getMessage();
    return JournalException.of(Kind.UNUSABLE, message, failure);
  }

  private static Journal openNow(
      Vertx vertx,
      WorkerExecutor workers,
      JournalConfig config,
      MeterRegistry registry,
      InstantSource clock)
      throws IOException, InterruptedException {
    JournalFolder folder = JournalFolder.open(config.folder());
    JournalMeters meters = new JournalMeters(registry);
    try {
      new LogCheck(folder).run(config.replicas().size() <= 1);
      DiskGuard disk = new DiskGuard(folder, config.diskQuotaBytes(), config.minFreeBytes());
      Ballast ballast = new Ballast(folder, config.ballastBytes());
      ballast.fill(disk.freeBytes(), config.minFreeBytes());
      disk.turn();
      Fatality fatality = new Fatality(ballast, config.onFatal());
      List<HostedLog> hosted =
          config.logs().stream()
              .map(log -> HostedLog.of(log, config, clock, fatality::report))
              .toList();
      RaftHost raft = RaftHost.start(folder, config, hosted);
      try {
        Parts parts = new Parts(workers, folder, raft, disk, fatality, meters);
        Journal journal =
            new Journal(parts, vertx, config, logs(parts, vertx, config, hosted, clock));
        journal.settle();
        return journal;
      } catch (IOException | RuntimeException | InterruptedException e) {
        raft.close();
        throw e;
      }
    } catch (IOException | RuntimeException | InterruptedException e) {
      meters.close();
      folder.close();
      throw e;
    }
  }

  private static Map<String, JournalLog> logs(
      Parts parts, Vertx vertx, JournalConfig config, List<HostedLog> hosted, InstantSource clock)
      throws IOException {
    Pacing pacing = new Pacing(config.effectiveEntryBudget());
    Batcher.Limits limits =
        new Batcher.Limits(
            config.maxBytesPerEntry(), config.maxPendingBytes(), config.appendDeadline());
    JournalMeters meters = parts.meters;
    meters.gauge("journal.disk.used", "Used fraction of the disk or quota", parts.disk::used);
    Map<String, JournalLog> logs = new LinkedHashMap<>();
    for (HostedLog host : hosted) {
      String name = host.name();
      Replica replica = new Replica(name, parts.raft.server(), host.machine());
      Batcher batcher = new Batcher(name, limits, replica, clock, meters.log(name));
      JournalLog log =
          new JournalLog(host, vertx, parts.workers, parts.disk, pacing, replica, batcher);
      meters.gauge("journal.pending.bytes", "Not committed yet", name, log::pendingBytes);
      meters.gauge("journal.retained.entries", "Raft entries kept", name, log::retained);
      batcher.start();
      logs.put(name, log);
    }
    return Map.copyOf(logs);
  }

  /** Waits for leaders, so that a caller can usually append at once. */
  private void settle() throws IOException, InterruptedException {
    try {
      List<CompletableFuture<?>> settled = new ArrayList<>();
      for (JournalLog log : logs.values()) {
        if (raft.isMember(log.name())) { // others hear of a leader when they are taken in
          settled.add(log.settled());
        }
      }
      var _ =
          CompletableFuture.allOf(settled.toArray(CompletableFuture<?>[]::new))
              .get(SETTLE_SECONDS, TimeUnit.SECONDS);
      raft.noteAddress();
    } catch (TimeoutException e) {
      LOG.warn("no leader after {} s in {}", SETTLE_SECONDS, folder.root());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The name of the disk behind a folder, made if it is new. For lists of peers; blocks.
   *
   * @throws IOException if the folder is in use or damaged
   */
  public static String diskId(Path folder) throws IOException {
    try (JournalFolder opened = JournalFolder.open(folder)) {
      return opened.diskId();
    }
  }

  /** The name of this disk, which is this replica's peer id. */
  public String diskId() {
    return folder.diskId();
  }

  /**
   * A log that is hosted here.
   *
   * @throws IllegalArgumentException if it is not
   */
  public JournalLog log(String name) {
    JournalLog log = logs.get(name);
    if (log == null) {
      throw new IllegalArgumentException("no log " + name + " in " + logs.keySet());
    }
    return log;
  }

  public DiskGuard disk() {
    return disk;
  }

  private void tick() {
    if (fatality.happened()) {
      logs.values().forEach(JournalLog::close);
    } else if (ticking.compareAndSet(false, true)) {
      boolean turn = ++ticks % TICKS_PER_TURN == 0;
      (turn ? turn() : round(rounds::look))
          .onFailure(failure -> LOG.warn("the journal's tick failed", failure))
          .onComplete(_ -> ticking.set(false));
    }
  }

  /**
   * Does now what is otherwise done every 30 s: lets go of what no cursor and no retention holds,
   * and hands a log over if this node leads too many.
   */
  Future<Void> turn() {
    return round(rounds::turn);
  }

  private interface Round {
    void run() throws Exception;
  }

  private Future<Void> round(Round round) {
    return workers.executeBlocking(
        () -> {
          round.run();
          return null;
        },
        false);
  }

  /** How much came here that was meant for another disk, and was refused. */
  long misaddressed() {
    return raft.misaddressed();
  }

  /** Who the replicas of the logs are, and how that is changed. */
  public Membership membership() {
    return membership;
  }

  /**
   * Hands every log that is led here to an up-to-date replica, and does so again with each that
   * comes back: a draining node leads nothing from now on. Succeeds within the limit, or a second
   * later, telling what went and what did not. What was in flight is acknowledged or fails as
   * usual.
   */
  public Future<HandOver> handOver(Duration limit) {
    return workers.executeBlocking(() -> rounds.drain(limit), false);
  }

  /**
   * Makes a folder new, so that its next start is that of a new disk: for one that is damaged, or
   * was taken out. Deletes nothing; blocks. The other replicas must be whole, since the new disk is
   * filled from them.
   *
   * @return where its contents are now
   * @throws IOException if the folder is in use or new already
   */
  public static Path setAside(Path folder) throws IOException {
    return JournalFolder.setAside(folder);
  }

  /**
   * Takes no more appends, gives those in flight half a second, and stops. Fails if that takes more
   * than 3 s. Closing twice is closing once.
   */
  public Future<Void> close() {
    return close(CLOSE_DEADLINE);
  }

  Future<Void> close(Duration deadline) {
    if (!closed.compareAndSet(false, true)) {
      return Future.succeededFuture();
    }
    vertx.cancelTimer(timer);
    rounds.closing();
    logs.values().forEach(JournalLog::close);
    JournalException late =
        JournalException.of(Kind.CLOSED, "the journal takes more than " + deadline + " to close");
    return workers
        .<Void>executeBlocking(
            () -> {
              closeNow();
              return null;
            },
            false)
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .recover(e -> Future.failedFuture(e instanceof TimeoutException ? late : e))
        .eventually(workers::close);
  }

  private void closeNow() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS);
    for (JournalLog log : logs.values()) {
      log.drain(end - System.nanoTime());
    }
    try {
      raft.close();
    } finally {
      logs.values().forEach(JournalLog::closed);
      meters.close();
      folder.close();
    }
  }
}
