package io.starling.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes new connections to replicas that have fallen silent. After a cut of a quarter of a minute
 * TCP tries an old connection again only every 13 s, after a longer one every two minutes, and
 * Ratis waits for it: a replica would be without a leader for as long after the cut has healed. Not
 * thread-safe; everything blocks, for some seconds at most.
 */
final class SilentPeers {
  private static final Logger LOG = LoggerFactory.getLogger(SilentPeers.class);

  /** Heartbeats come several times a second. */
  private static final long SILENT_MILLIS = 3_000;

  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** Of who is silent for longer, to whom a new connection is made less often. */
  private static final long DEAD_MILLIS = 60_000;

  private static final long AGAIN_DEAD_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final RaftServer server;
  private final Map<RaftPeerId, Long> renewed = new HashMap<>();

  SilentPeers(RaftServer server) {
    this.server = server;
  }

  void turn() throws IOException {
    var peers = new HashSet<RaftPeerId>();
    var roles = new ArrayList<RoleInfoProto>();
    for (RaftGroupId group : server.getGroupIds()) {
      RaftServer.Division division = server.getDivision(group);
      for (RaftPeer peer : division.getRaftConf().getAllPeers()) {
        peers.add(peer.getId());
      }
      roles.add(division.getInfo().getRoleInfoProto());
    }
    peers.remove(server.getId());
    renewed.keySet().retainAll(peers);
    long now = System.nanoTime();
    for (var silent : silent(roles, peers).entrySet()) {
      long pause = silent.getValue() > DEAD_MILLIS ? AGAIN_DEAD_NANOS : AGAIN_NANOS;
      Long last = renewed.get(silent.getKey());
      if (last == null || now - last >= pause) {
        renewed.put(silent.getKey(), now);
        LOG.debug("{} is silent for {} ms: new connection", silent.getKey(), silent.getValue());
        server
            .getServerRpc()
            .handleException(silent.getKey(), new IOException("it is silent"), true);
      }
    }
  }

  /**
   * For how long each that is silent has been so, in milliseconds, by the log in which it was heard
   * of last. A leader hears its followers, a follower its leader, a candidate nobody.
   */
  static Map<RaftPeerId, Long> silent(List<RoleInfoProto> roles, Set<RaftPeerId> peers) {
    var quiet = new HashMap<RaftPeerId, Long>();
    for (RoleInfoProto role : roles) {
      switch (role.getRole()) {
        case LEADER ->
            role.getLeaderInfo().getFollowerInfoList().forEach(follower -> heard(follower, quiet));
        case FOLLOWER -> heard(role.getFollowerInfo().getLeaderInfo(), quiet);
        case CANDIDATE -> {
          long since = role.getCandidateInfo().getLastLeaderElapsedTimeMs();
          peers.forEach(peer -> quiet.merge(peer, since, Math::min));
        }
        default -> {} // starting, or a listener
      }
    }
    quiet.keySet().retainAll(peers);
    quiet.values().removeIf(millis -> millis < SILENT_MILLIS);
    return quiet;
  }

  private static void heard(ServerRpcProto rpc, Map<RaftPeerId, Long> quiet) {
    if (!rpc.getId().getId().isEmpty()) {
      quiet.merge(
          RaftPeerId.valueOf(rpc.getId().getId()), rpc.getLastRpcElapsedTimeMs(), Math::min);
    }
  }
}
