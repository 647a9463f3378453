package io.starling.journal;

import io.starling.journal.disk.JournalFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachine;

/** The Ratis server of this process and its groups, one per log. Everything here blocks. */
final class RaftHost implements AutoCloseable {
  private final RaftServer server;
  private final List<RaftPeer> peers;

  private RaftHost(RaftServer server, List<RaftPeer> peers) {
    this.server = server;
    this.peers = peers;
  }

  /** Starts the groups that are on disk, and makes those that are not. */
  static RaftHost start(JournalFolder folder, JournalConfig config, List<HostedLog> logs)
      throws IOException {
    Map<RaftGroupId, StateMachine> machines = new HashMap<>();
    logs.forEach(log -> machines.put(Replica.groupId(log.name()), log.machine()));
    int port = config.port() > 0 ? config.port() : folder.port();
    List<RaftPeer> peers = peers(config, folder.diskId(), port);
    Set<RaftGroupId> present = present(folder, machines.keySet());
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(folder.diskId()))
            .setOption(RaftStorage.StartupOption.RECOVER)
            .setProperties(
                RaftSettings.of(config, port, folder.storage(), folder.root().resolve("removed")))
            .setStateMachineRegistry(machines::get)
            .build();
    RaftHost host = new RaftHost(server, peers);
    try {
      server.start();
      for (RaftGroupId group : machines.keySet()) {
        if (!present.contains(group)) {
          host.add(group);
        }
      }
      return host;
    } catch (IOException | RuntimeException e) {
      host.close();
      throw e;
    }
  }

  private static List<RaftPeer> peers(JournalConfig config, String diskId, int port) {
    List<JournalPeer> all =
        config.peers().isEmpty()
            ? List.of(new JournalPeer(diskId, config.host(), port))
            : config.peers();
    if (all.stream().noneMatch(peer -> peer.diskId().equals(diskId))) {
      throw new IllegalArgumentException("this disk, " + diskId + ", is not among the peers");
    }
    return all.stream()
        .map(
            peer ->
                RaftPeer.newBuilder()
                    .setId(peer.diskId())
                    .setAddress(peer.host() + ":" + peer.port())
                    .build()) // all of priority 0: unequal ones slow down failover
        .toList();
  }

  private static Set<RaftGroupId> present(JournalFolder folder, Set<RaftGroupId> configured)
      throws IOException {
    Set<String> known = new HashSet<>();
    configured.forEach(group -> known.add(group.getUuid().toString()));
    Set<RaftGroupId> present = new HashSet<>();
    for (Path path : folder.groups()) {
      String group = path.getFileName().toString();
      if (!known.contains(group)) {
        throw new IOException(path + " is a log that is not configured");
      }
      present.add(RaftGroupId.valueOf(java.util.UUID.fromString(group)));
    }
    return present;
  }

  private void add(RaftGroupId group) throws IOException {
    GroupManagementRequest request =
        GroupManagementRequest.newAdd(
            ClientId.randomId(), server.getId(), 1, RaftGroup.valueOf(group, peers));
    require(server.groupManagement(request), "cannot add a log");
  }

  private static void require(RaftClientReply reply, String failure) throws IOException {
    if (!reply.isSuccess()) {
      throw new IOException(failure + ": " + reply.getException(), reply.getException());
    }
  }

  RaftServer server() {
    return server;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
