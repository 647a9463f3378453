package io.starling.journal;

import io.starling.journal.JournalException.Kind;
import io.starling.journal.membership.LogIds;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * This process' replica of one log: what is asked of Ratis about a group, in the journal's terms.
 */
final class Replica implements Batcher.Raft {
  private static final long SNAPSHOT_TIMEOUT_MILLIS = 20_000;

  private final String name;
  private final RaftServer server;
  private final RaftServer.Division division;
  private final LogMachine machine;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();

  Replica(String name, RaftServer server, LogMachine machine) throws IOException {
    this.name = name;
    this.server = server;
    this.division = server.getDivision(groupId(name));
    this.machine = machine;
  }

  /** A log's group is found by its name alone, on every node. */
  static RaftGroupId groupId(String log) {
    return RaftGroupId.valueOf(LogIds.of(log));
  }

  /**
   * Submits on the calling thread, not through the server's thread pool: the order of calls is the
   * order of entries. One thread only.
   */
  @Override
  public CompletableFuture<Long> submit(ByteString entry) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(division.getId())
            .setGroupId(division.getGroup().getGroupId())
            .setCallId(calls.incrementAndGet())
            .setMessage(Message.valueOf(entry))
            .setType(RaftClientRequest.writeRequestType())
            .build();
    CompletableFuture<RaftClientReply> reply;
    try {
      reply = ((RaftClientAsynchronousProtocol) division).submitClientRequestAsync(request);
    } catch (IOException | RuntimeException e) {
      reply = CompletableFuture.failedFuture(e);
    }
    boolean appended = machine.takeAppended();
    return reply.handle((answer, failure) -> index(answer, failure, appended));
  }

  private long index(
      @Nullable RaftClientReply reply, @Nullable Throwable failure, boolean appended) {
    if (reply != null && reply.isSuccess()) {
      return reply.getLogIndex();
    }
    Throwable cause = reply != null ? reply.getException() : failure;
    if (!appended) {
      RaftPeerId leader =
          cause instanceof NotLeaderException refusal && refusal.getSuggestedLeader() != null
              ? refusal.getSuggestedLeader().getId()
              : null;
      throw JournalException.notLeader(name, leader == null ? null : leader.toString());
    }
    throw JournalException.of(Kind.UNKNOWN, name + ": may or may not be stored: " + cause);
  }

  Leadership leadership() {
    DivisionInfo info = division.getInfo();
    if (info.isLeader()) {
      long term = info.getCurrentTerm();
      return info.isLeaderReady() ? new Leadership.Leading(term) : new Leadership.Following(null);
    }
    RaftPeerId leader = info.getLeaderId();
    boolean other = leader != null && !leader.equals(division.getId());
    return new Leadership.Following(other ? leader.toString() : null);
  }

  /** Whether Ratis has given up on this log. */
  boolean failed() {
    LifeCycle.State state = division.getInfo().getLifeCycleState();
    return state.isClosingOrClosed() || state == LifeCycle.State.EXCEPTION || !log().isOpened();
  }

  /** Reads committed records before this index from the log. Blocks; may load a whole file. */
  ReadResult read(Position from, int maxBytes, long end) {
    long start = startIndex(end);
    if (from.index() < start) {
      throw JournalException.purged(name, from, new Position(start, 0));
    }
    Tail.Reading reading = new Tail.Reading(from, maxBytes);
    try {
      for (long index = from.index(); index < end; index++) {
        LogEntryProto proto = log().get(index);
        if (proto == null) {
          return purgedMeanwhile(from, index, reading.result());
        }
        if (proto.hasStateMachineLogEntry()) {
          Entry entry = Entry.decode(proto.getStateMachineLogEntry().getLogData());
          if (!reading.take(index, entry.payloads())) {
            return reading.result();
          }
        }
      }
    } catch (IOException e) {
      throw JournalException.of(Kind.CLOSED, name + ": cannot read: " + e, e);
    }
    reading.reachedBefore(end);
    return reading.result();
  }

  private ReadResult purgedMeanwhile(Position from, long missing, ReadResult found) {
    if (!found.records().isEmpty()) {
      return found;
    }
    Position first = new Position(Math.max(startIndex(missing + 1), missing + 1), 0);
    throw JournalException.purged(name, from, first);
  }

  /** The first index in the log; the given one if the log is empty. */
  long startIndex(long whenEmpty) {
    long start = log().getStartIndex();
    return start < 0 ? whenEmpty : start;
  }

  /** Entries in the log. */
  long retained() {
    long next = log().getNextIndex();
    return next - startIndex(next);
  }

  private RaftLog log() {
    return division.getRaftLog();
  }

  /**
   * Takes a snapshot; Ratis then purges below its index. Fails with whatever Ratis fails with. The
   * log goes on while it is written: the first request begins that, the second ends it.
   */
  CompletableFuture<Long> snapshot() {
    return requestSnapshot()
        .thenCompose(
            index -> {
              var writing = machine.writing();
              return writing == null
                  ? CompletableFuture.completedFuture(index)
                  : writing.exceptionally(_ -> null).thenCompose(_ -> requestSnapshot());
            });
  }

  private CompletableFuture<Long> requestSnapshot() {
    SnapshotManagementRequest request =
        SnapshotManagementRequest.newCreate(
            client,
            division.getId(),
            division.getGroup().getGroupId(),
            calls.incrementAndGet(),
            SNAPSHOT_TIMEOUT_MILLIS);
    return server
        .snapshotManagementAsync(request)
        .thenApply(
            reply -> {
              if (!reply.isSuccess()) {
                throw new IllegalStateException(name + ": no snapshot", reply.getException());
              }
              return reply.getLogIndex();
            });
  }
}
