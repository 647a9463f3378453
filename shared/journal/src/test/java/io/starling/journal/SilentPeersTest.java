package io.starling.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.apache.ratis.proto.RaftProtos.CandidateInfoProto;
import org.apache.ratis.proto.RaftProtos.FollowerInfoProto;
import org.apache.ratis.proto.RaftProtos.LeaderInfoProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.junit.jupiter.api.Test;

class SilentPeersTest {
  private static final RaftPeerId B = RaftPeerId.valueOf("b");
  private static final RaftPeerId C = RaftPeerId.valueOf("c");
  private static final Set<RaftPeerId> PEERS = Set.of(B, C);

  private static ServerRpcProto heard(RaftPeerId peer, long millis) {
    return ServerRpcProto.newBuilder()
        .setId(RaftPeerProto.newBuilder().setId(peer.toByteString()))
        .setLastRpcElapsedTimeMs(millis)
        .build();
  }

  private static RoleInfoProto leader(ServerRpcProto... followers) {
    return RoleInfoProto.newBuilder()
        .setRole(RaftPeerRole.LEADER)
        .setLeaderInfo(LeaderInfoProto.newBuilder().addAllFollowerInfo(List.of(followers)))
        .build();
  }

  private static RoleInfoProto follower(ServerRpcProto leader) {
    return RoleInfoProto.newBuilder()
        .setRole(RaftPeerRole.FOLLOWER)
        .setFollowerInfo(FollowerInfoProto.newBuilder().setLeaderInfo(leader))
        .build();
  }

  private static RoleInfoProto candidate(long millis) {
    return RoleInfoProto.newBuilder()
        .setRole(RaftPeerRole.CANDIDATE)
        .setCandidateInfo(CandidateInfoProto.newBuilder().setLastLeaderElapsedTimeMs(millis))
        .build();
  }

  @Test
  void aLeaderKnowsWhichFollowerIsSilent() {
    assertThat(SilentPeers.silent(List.of(leader(heard(B, 20), heard(C, 9_000))), PEERS))
        .containsOnlyKeys(C)
        .containsValue(9_000L);
  }

  @Test
  void whoeverIsHeardInOneLogIsNotSilent() {
    var roles = List.of(leader(heard(B, 9_000), heard(C, 9_000)), follower(heard(C, 100)));

    assertThat(SilentPeers.silent(roles, PEERS)).containsOnlyKeys(B);
  }

  @Test
  void aCandidateHearsNobody() {
    assertThat(SilentPeers.silent(List.of(candidate(4_000)), PEERS)).containsOnlyKeys(B, C);
    assertThat(SilentPeers.silent(List.of(candidate(4_000), follower(heard(B, 50))), PEERS))
        .containsOnlyKeys(C);
    assertThat(SilentPeers.silent(List.of(candidate(800)), PEERS)).isEmpty();
  }

  @Test
  void aFollowerWithoutALeaderAccusesNobody() {
    var alone = follower(ServerRpcProto.getDefaultInstance());

    assertThat(SilentPeers.silent(List.of(alone), PEERS)).isEmpty();
  }
}
