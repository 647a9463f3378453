package io.starling.journal.membership;

import io.starling.journal.membership.Answer.Silent;
import io.starling.journal.membership.Answer.Spoke;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.client.RaftClientRpc;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.GrpcUtil;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupInfoReply;
import org.apache.ratis.protocol.GroupInfoRequest;
import org.apache.ratis.protocol.GroupListReply;
import org.apache.ratis.protocol.GroupListRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.GroupMismatchException;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;

/**
 * Speaks with journals by address, this process' own included. Thread-safe; everything blocks, but
 * no longer than the patience for one call.
 */
public final class Neighbours implements AutoCloseable {
  /** gRPC tells each process of its sockets; held here, or the level would be forgotten. */
  private static final java.util.logging.Logger GRPC =
      java.util.logging.Logger.getLogger("org.apache.ratis.thirdparty.io.grpc");

  static {
    GRPC.setLevel(java.util.logging.Level.WARNING);
  }

  private final List<String> logs;
  private final ClientId client = ClientId.randomId();
  private final RaftClientRpc rpc;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong calls = new AtomicLong();

  /**
   * Nobody is called yet.
   *
   * @param logs the logs to ask for
   * @param patience for one call
   */
  public Neighbours(Collection<String> logs, Duration patience) {
    this.logs = List.copyOf(logs);
    RaftProperties properties = new RaftProperties();
    RaftClientConfigKeys.Rpc.setRequestTimeout(
        properties, TimeDuration.valueOf(patience.toMillis(), TimeUnit.MILLISECONDS));
    this.rpc = new GrpcFactory(new Parameters()).newRaftClientRpc(client, properties);
  }

  /** The logs that are asked for. */
  List<String> logs() {
    return logs;
  }

  /** Asks all at the same time. */
  List<Answer> ask(Collection<JournalAddress> addresses) throws InterruptedException {
    List<Future<Answer>> asked =
        new LinkedHashSet<>(addresses)
            .stream().map(address -> threads.submit(() -> ask(address))).toList();
    try {
      List<Answer> answers = new ArrayList<>();
      for (Future<Answer> answer : asked) {
        answers.add(answer.get());
      }
      return answers;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private Answer ask(JournalAddress address) {
    try {
      GroupListRequest list =
          new GroupListRequest(client, peer(address), group(LogIds.INTRODUCTION), next());
      List<RaftGroupId> hosted = ((GroupListReply) send(address, list)).getGroupIds();
      if (hosted.isEmpty()) {
        return new Silent(address, "it is just starting");
      }
      String disk = Views.self(info(address, hosted.getFirst().getUuid()));
      Map<String, LogView> views = new HashMap<>();
      for (String log : logs) {
        UUID id = LogIds.of(log);
        if (hosted.contains(RaftGroupId.valueOf(id))) {
          views.put(log, Views.of(log, info(address, id)));
        }
      }
      return new Spoke(new Member(disk, address), views);
    } catch (GroupMismatchException e) {
      return new Silent(address, "it is just starting or stopping");
    } catch (IOException e) {
      return new Silent(address, String.valueOf(e.getMessage()));
    }
  }

  private GroupInfoReply info(JournalAddress address, UUID id) throws IOException {
    GroupInfoRequest request = new GroupInfoRequest(client, peer(address), group(id), next());
    return (GroupInfoReply) send(address, request);
  }

  /**
   * Asks a leader to change its members. May go on after this has failed.
   *
   * @throws IOException if it does not, does not lead, or the members are not those expected
   */
  void change(JournalAddress leader, String log, List<Member> from, List<Member> to)
      throws IOException {
    SetConfigurationRequest.Arguments change =
        SetConfigurationRequest.Arguments.newBuilder()
            .setServersInCurrentConf(raftPeers(from))
            .setServersInNewConf(raftPeers(to))
            .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
            .build();
    require(
        send(
            leader,
            new SetConfigurationRequest(
                client, peer(leader), group(LogIds.of(log)), next(), change)));
  }

  /**
   * Asks a leader to let another lead and waits for that.
   *
   * @throws IOException if the other does not lead then
   */
  void transfer(JournalAddress leader, String log, String to, Duration limit) throws IOException {
    require(
        send(
            leader,
            new TransferLeadershipRequest(
                client,
                peer(leader),
                group(LogIds.of(log)),
                next(),
                RaftPeerId.valueOf(to),
                limit.toMillis())));
  }

  private static void require(RaftClientReply reply) throws IOException {
    if (!reply.isSuccess()) {
      throw new IOException(String.valueOf(reply.getException()), reply.getException());
    }
  }

  private RaftClientReply send(JournalAddress address, RaftClientRequest request)
      throws IOException {
    RaftPeer peer = RaftPeer.newBuilder().setId(peer(address)).setAddress("" + address).build();
    rpc.addRaftPeers(List.of(peer));
    try {
      return rpc.sendRequest(request);
    } catch (StatusRuntimeException e) {
      throw failed(address, e, GrpcUtil.unwrapException(e));
    } catch (IOException e) {
      throw failed(address, e.getCause(), e);
    }
  }

  /**
   * After a lost connection, or one on which nothing comes, the next call makes a new one: gRPC
   * would wait up to two minutes, and TCP, after a cut, for as long as that has lasted.
   */
  private IOException failed(JournalAddress address, @Nullable Throwable cause, IOException why) {
    boolean lost =
        cause instanceof StatusRuntimeException status
            && status.getStatus().getCode() == Status.Code.UNAVAILABLE;
    if (!lost && !(why instanceof TimeoutIOException)) {
      return why;
    }
    var _ = rpc.handleException(peer(address), why, true);
    return new IOException(lost ? "no connection" : "no answer in time");
  }

  private static List<RaftPeer> raftPeers(List<Member> members) {
    return members.stream().map(Views::raftPeer).toList();
  }

  /** Whoever listens there: servers do not look at the id they are asked by. */
  private static RaftPeerId peer(JournalAddress address) {
    return RaftPeerId.valueOf(address.toString());
  }

  private static RaftGroupId group(UUID id) {
    return RaftGroupId.valueOf(id);
  }

  private long next() {
    return calls.incrementAndGet();
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    rpc.close();
  }
}
