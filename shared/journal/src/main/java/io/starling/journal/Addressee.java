package io.starling.journal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses what other replicas send to another disk. Ratis itself takes it: a new disk at the
 * address of a dead one would be told of a log that it is not a member of, and would close it; and
 * it would answer in the dead one's name. Thread-safe.
 */
final class Addressee implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(Addressee.class);
  private static final int MAX_TOLD = 100;

  private final String diskId;
  private final ByteString self;
  private final LongAdder refused = new LongAdder();
  private final Set<ByteString> told = ConcurrentHashMap.newKeySet();

  Addressee(String diskId) {
    this.diskId = diskId;
    this.self = ByteString.copyFromUtf8(diskId);
  }

  /** How much was refused. */
  long refused() {
    return refused.sum();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return new Guard<>(call, next.startCall(call, headers));
  }

  /** Once it has refused, the handler hears of nothing more. */
  private final class Guard<Q, A> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, A> call;
    private boolean over;

    Guard(ServerCall<Q, A> call, ServerCall.Listener<Q> handler) {
      super(handler);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      if (over) {
        return;
      }
      ByteString addressee = addressee(message);
      if (addressee == null || addressee.equals(self)) {
        super.onMessage(message);
        return;
      }
      over = true;
      refuse(addressee);
      super.onCancel();
      call.close(Status.NOT_FOUND.withDescription("this is disk " + diskId), new Metadata());
    }

    @Override
    public void onHalfClose() {
      if (!over) {
        super.onHalfClose();
      }
    }

    @Override
    public void onCancel() {
      if (!over) {
        super.onCancel();
      }
    }

    @Override
    public void onComplete() {
      if (!over) {
        super.onComplete();
      }
    }

    @Override
    public void onReady() {
      if (!over) {
        super.onReady();
      }
    }
  }

  private void refuse(ByteString addressee) {
    refused.increment();
    if (told.size() < MAX_TOLD && told.add(addressee)) {
      LOG.warn(
          "Others still look for disk {} at the address of this one, {}: if it is gone, have it"
              + " replaced",
          addressee.toStringUtf8(),
          diskId);
    }
  }

  private static @Nullable ByteString addressee(Object message) {
    return switch (message) {
      case AppendEntriesRequestProto append -> append.getServerRequest().getReplyId();
      case RequestVoteRequestProto vote -> vote.getServerRequest().getReplyId();
      case InstallSnapshotRequestProto snapshot -> snapshot.getServerRequest().getReplyId();
      case StartLeaderElectionRequestProto start -> start.getServerRequest().getReplyId();
      default -> null;
    };
  }
}
