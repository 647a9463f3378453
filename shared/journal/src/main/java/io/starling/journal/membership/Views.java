package io.starling.journal.membership;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.GroupInfoReply;
import org.apache.ratis.protocol.RaftPeer;
import org.jspecify.annotations.Nullable;

/** Ratis' words in ours, and back. */
public final class Views {
  private Views() {}

  /**
   * All of priority 0: with unequal ones failover waits for a dead peer, and transfers are refused.
   */
  public static RaftPeer raftPeer(Member member) {
    return RaftPeer.newBuilder()
        .setId(member.diskId())
        .setAddress(member.address().toString())
        .build();
  }

  static String self(GroupInfoReply reply) {
    return reply.getRoleInfoProto().getSelf().getId().toStringUtf8();
  }

  static LogView of(String log, GroupInfoReply reply) {
    RoleInfoProto role = reply.getRoleInfoProto();
    boolean leads = role.getRole() == RaftPeerRole.LEADER && role.hasLeaderInfo();
    RaftConfigurationProto conf =
        reply.getConf().orElseGet(RaftConfigurationProto::getDefaultInstance);
    Map<String, Duration> heard = new HashMap<>();
    for (ServerRpcProto follower : role.getLeaderInfo().getFollowerInfoList()) {
      heard.put(id(follower.getId()), Duration.ofMillis(follower.getLastRpcElapsedTimeMs()));
    }
    Map<String, Long> committed = new HashMap<>();
    for (CommitInfoProto commit : reply.getCommitInfos()) {
      committed.merge(id(commit.getServer()), commit.getCommitIndex(), Math::max);
    }
    return new LogView(
        log,
        leads ? self(reply) : leader(role),
        leads ? role.getLeaderInfo().getTerm() : 0,
        leads,
        members(conf.getPeersList()),
        conf.getOldPeersCount() > 0,
        committed,
        heard);
  }

  private static @Nullable String leader(RoleInfoProto role) {
    String leader = id(role.getFollowerInfo().getLeaderInfo().getId());
    return leader.isEmpty() ? null : leader;
  }

  private static String id(RaftPeerProto peer) {
    return peer.getId().toStringUtf8();
  }

  private static List<Member> members(List<RaftPeerProto> peers) {
    return peers.stream()
        .map(peer -> new Member(id(peer), JournalAddress.parse(peer.getAddress())))
        .toList();
  }
}
