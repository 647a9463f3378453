package io.starling.relay.shard;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.micrometer.core.instrument.Counter;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.journal.DiskGuard;
import io.starling.journal.JournalException;
import io.starling.journal.JournalLog;
import io.starling.journal.Leadership;
import io.starling.journal.Position;
import io.starling.journal.ReadResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.TreeMap;

/**
 * One shard as the bus sees it. Answers {@code NotLeader} unless this node leads it. Belongs to the
 * relay's event loop.
 */
public final class Shard {
  private static final int MAX_READ_BYTES = 4 << 20;
  private static final String IDENTITY = JournalLog.MARK + "journal:";

  private final int number;
  private final JournalLog log;
  private final DiskGuard disk;
  private final Commits commits;
  private final Counter refused;
  private final Leases leases = new Leases();

  /** A shard over its log. */
  public Shard(int number, JournalLog log, DiskGuard disk, Commits commits, Counter refused) {
    this.number = number;
    this.log = log;
    this.disk = disk;
    this.commits = commits;
    this.refused = refused;
  }

  /** The shard's number, from 0. */
  public int number() {
    return number;
  }

  /** The shard's log. */
  public JournalLog log() {
    return log;
  }

  /** Wakes those who wait for something to read. */
  public Commits commits() {
    return commits;
  }

  /** Appends what the disk's state allows. */
  public Future<RelayReply.AppendReply> append(RelayRequest.Append request) {
    var least =
        disk.stopped()
            ? java.util.Optional.<EventClass>empty()
            : AdmissionPolicy.least(disk.used());
    if (least.isEmpty()) {
      refused.increment();
      return Future.succeededFuture(new RelayReply.Full());
    }
    Buffer admitted = EventBatch.atLeast(request.events(), least.get());
    if (admitted.length() < request.events().length()) {
      refused.increment();
    }
    if (admitted.length() == 0) {
      return Future.succeededFuture(new RelayReply.Appended(least.get()));
    }
    return log.append(admitted)
        .<RelayReply.AppendReply>map(position -> new RelayReply.Appended(least.get()))
        .recover(Shard::refusal);
  }

  /** What an append to a log of the journal that failed is answered. */
  public static Future<RelayReply.AppendReply> refusal(Throwable cause) {
    if (!(cause instanceof JournalException journal)) {
      return Future.failedFuture(cause);
    }
    return Future.succeededFuture(
        switch (journal.kind()) {
          case NOT_LEADER -> new RelayReply.NotLeader(null);
          case FULL -> new RelayReply.Full();
          case OVERLOADED -> new RelayReply.Overloaded();
          default -> new RelayReply.Unknown(String.valueOf(journal.getMessage()));
        });
  }

  /** Reads on for a consumer, waiting for something to read if there is nothing yet. */
  public Future<RelayReply.ReadReply> read(RelayRequest.Read request) {
    if (!leads()) {
      return Future.succeededFuture(notLeader());
    }
    int maxBytes = Math.min(request.maxBytes(), MAX_READ_BYTES);
    long giveUp = System.nanoTime() + MILLISECONDS.toNanos(request.waitMillis());
    return readSomething(position(request.from()), maxBytes, giveUp)
        .map(Shard::records)
        .recover(this::purged);
  }

  /** Reads what matches some filters of an account. */
  public Future<RelayReply.ReadReply> read(RelayRequest.ReadMatching request) {
    return leads()
        ? new MatchingRead(log, request).answer().recover(this::purged)
        : Future.succeededFuture(notLeader());
  }

  private Future<RelayReply.ReadReply> purged(Throwable cause) {
    return cause instanceof JournalException journal
            && journal.kind() == JournalException.Kind.PURGED
        ? Future.succeededFuture(new RelayReply.Purged(position(log.start())))
        : Future.failedFuture(cause);
  }

  // Not every commit brings a record (cursors, a new leader's first entry): who waits for
  // something to read sleeps on through these.
  private Future<ReadResult> readSomething(Position from, int maxBytes, long giveUp) {
    return log.read(from, maxBytes)
        .compose(
            read -> {
              long left = NANOSECONDS.toMillis(giveUp - System.nanoTime());
              if (!read.records().isEmpty() || left <= 0) {
                return Future.succeededFuture(read);
              }
              var news =
                  read.next().compareTo(log.committedEnd()) < 0
                      ? Future.<Void>succeededFuture()
                      : commits.next(left);
              return news.compose(woken -> readSomething(read.next(), maxBytes, giveUp));
            });
  }

  private static RelayReply.ReadReply records(ReadResult read) {
    var positions = new ArrayList<RelayReply.RecordAt>(read.records().size());
    Buffer events = Buffer.buffer();
    for (var record : read.records()) {
      positions.add(
          new RelayReply.RecordAt(position(record.position()), record.payload().length()));
      events.appendBuffer(record.payload());
    }
    return new RelayReply.Records(positions, events, position(read.next()));
  }

  /** Moves a consumer's cursor; on disk within about a second. */
  public Future<RelayReply.CursorReply> setCursor(RelayRequest.SetCursor request) {
    if (!leads()) {
      return Future.succeededFuture(notLeader());
    }
    return log.commitCursor(request.consumer(), position(request.position()))
        .<RelayReply.CursorReply>map(done -> new RelayReply.CursorTaken())
        .recover(Shard::lost);
  }

  /** Forgets a consumer. */
  public Future<RelayReply.CursorReply> removeCursor(RelayRequest.RemoveCursor request) {
    if (!leads()) {
      return Future.succeededFuture(notLeader());
    }
    return log.removeCursor(request.consumer())
        .<RelayReply.CursorReply>map(done -> new RelayReply.CursorTaken())
        .recover(Shard::lost);
  }

  /** Whoever leads next has the cursor as it was, or as it was to be: both are right. */
  private static Future<RelayReply.CursorReply> lost(Throwable cause) {
    return cause instanceof JournalException
        ? Future.succeededFuture(new RelayReply.NotLeader(null))
        : Future.failedFuture(cause);
  }

  /** Lets one of several follow this shard. */
  public RelayReply.LeaseReply lease(RelayRequest.Lease request) {
    return log.leadership() instanceof Leadership.Leading(long term)
        ? new RelayReply.Leased(leases.ask(request, term, System.nanoTime()))
        : notLeader();
  }

  /** The cursors of consumers whose names start so. */
  public RelayReply.CursorsReply cursors(String prefix) {
    if (!leads()) {
      return notLeader();
    }
    var cursors = new TreeMap<String, JournalPosition>();
    log.cursors()
        .forEach(
            (name, at) -> {
              if (name.startsWith(prefix)) {
                cursors.put(name, position(at));
              }
            });
    return new RelayReply.Cursors(cursors, position(log.start()), position(log.committedEnd()));
  }

  /**
   * Tells the journal of this shard from any other there ever was, and so whose position a database
   * holds: the name of the disk that it began on. The first leader notes it, for all replicas.
   *
   * @param diskId of this node
   */
  public Future<String> identity(String diskId) {
    return log.cursors().keySet().stream()
        .filter(name -> name.startsWith(IDENTITY))
        .sorted()
        .findFirst()
        .map(name -> Future.succeededFuture(name.substring(IDENTITY.length())))
        .orElseGet(() -> log.commitCursor(IDENTITY + diskId, Position.START).map(diskId));
  }

  /** Tells whether this node serves the shard. */
  public boolean leads() {
    return log.leadership() instanceof Leadership.Leading;
  }

  /** Tells whether some node is known to serve it. */
  public boolean isLed() {
    return log.leadership().isKnown();
  }

  private RelayReply.NotLeader notLeader() {
    // The journal knows its leader by disk, the bus by node: who asks looks it up.
    return new RelayReply.NotLeader(null);
  }

  /** A position as the journal has it. */
  public static Position position(JournalPosition position) {
    return new Position(position.index(), position.offset());
  }

  /** A position as the contract has it. */
  public static JournalPosition position(Position position) {
    return new JournalPosition(position.index(), position.offset());
  }
}
