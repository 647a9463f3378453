package io.starling.journal;

import io.starling.journal.disk.JournalFolder;
import io.starling.journal.disk.UnfinishedGroups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
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
    JournalPeer self = self(folder, config);
    List<RaftPeer> peers =
        (config.peers().isEmpty() ? List.of(self) : config.peers())
            .stream().map(RaftHost::peer).toList();
    UnfinishedGroups unfinished = new UnfinishedGroups(folder);
    unfinished.setAside();
    Set<RaftGroupId> present = present(folder, machines.keySet());
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(folder.diskId()))
            .setOption(RaftStorage.StartupOption.RECOVER)
            .setProperties(
                RaftSettings.of(config, self, folder.storage(), folder.root().resolve("removed")))
            .setStateMachineRegistry(machines::get)
            .build();
    RaftHost host = new RaftHost(server, peers);
    try {
      unfinished.giveBack(); // building has looked for groups
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

  private static JournalPeer self(JournalFolder folder, JournalConfig config) throws IOException {
    if (config.peers().isEmpty()) {
      int port = config.port() > 0 ? config.port() : folder.port();
      return new JournalPeer(folder.diskId(), config.host(), port);
    }
    return config.peers().stream()
        .filter(peer -> peer.diskId().equals(folder.diskId()))
        .findFirst()
        .orElseThrow(
            () -> new IOException("this disk, " + folder.diskId() + ", is not among the peers"));
  }

  /**
   * All of priority 0: with unequal ones failover waits for a dead peer, and transfers are refused.
   */
  private static RaftPeer peer(JournalPeer peer) {
    return RaftPeer.newBuilder()
        .setId(peer.diskId())
        .setAddress(peer.host() + ":" + peer.port())
        .build();
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
      present.add(RaftGroupId.valueOf(UUID.fromString(group)));
    }
    return present;
  }

  private void add(RaftGroupId group) throws IOException {
    GroupManagementRequest request =
        GroupManagementRequest.newAdd(
            ClientId.randomId(), server.getId(), 1, RaftGroup.valueOf(group, peers), false);
    require(server.groupManagement(request), "cannot add a log");
  }

  private static void require(RaftClientReply reply, String failure) throws IOException {
    if (!reply.isSuccess()) {
      throw new IOException(failure + ": " + reply.getException(), reply.getException());
    }
  }

  /**
   * Addresses are stored in the log: a lone replica, which has just been given another one, notes
   * it there.
   */
  void noteAddress() throws IOException {
    for (RaftGroupId group : server.getGroupIds()) {
      RaftPeer noted = server.getDivision(group).getRaftConf().getPeer(server.getId());
      if (peers.size() == 1 && !peers.getFirst().getAddress().equals(noted.getAddress())) {
        SetConfigurationRequest request =
            new SetConfigurationRequest(ClientId.randomId(), server.getId(), group, 1, peers);
        require(server.setConfiguration(request), "cannot note the new address");
      }
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
