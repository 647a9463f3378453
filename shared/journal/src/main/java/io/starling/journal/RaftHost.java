package io.starling.journal;

import io.starling.journal.disk.JournalFolder;
import io.starling.journal.disk.UnfinishedGroups;
import io.starling.journal.membership.Entrance;
import io.starling.journal.membership.JournalAddress;
import io.starling.journal.membership.LogIds;
import io.starling.journal.membership.Member;
import io.starling.journal.membership.Neighbours;
import io.starling.journal.membership.Views;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
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
import org.apache.ratis.statemachine.impl.BaseStateMachine;

/** The Ratis server of this process and its groups, one per log. Everything here blocks. */
final class RaftHost implements AutoCloseable {
  /** For one call to another node, which is asked again if it does not answer. */
  private static final Duration CALL = Duration.ofSeconds(2);

  private static final RaftGroupId INTRODUCTION = RaftGroupId.valueOf(LogIds.INTRODUCTION);

  private final RaftServer server;
  private final Member self;
  private final Neighbours neighbours;
  private final Entrance entrance;
  private final Addressee addressee;
  private final boolean several;

  private RaftHost(
      RaftServer server,
      Member self,
      Neighbours neighbours,
      Entrance entrance,
      Addressee addressee,
      boolean several) {
    this.addressee = addressee;
    this.several = several;
    this.server = server;
    this.self = self;
    this.neighbours = neighbours;
    this.entrance = entrance;
  }

  /** Starts the groups that are on disk, and those that are not as the {@link Entrance} says. */
  static RaftHost start(JournalFolder folder, JournalConfig config, List<HostedLog> logs)
      throws IOException, InterruptedException {
    List<String> names = logs.stream().map(HostedLog::name).toList();
    Neighbours neighbours = new Neighbours(names, CALL);
    try {
      return start(folder, config, logs, neighbours);
    } catch (IOException | RuntimeException | InterruptedException e) {
      neighbours.close();
      throw e;
    }
  }

  private static RaftHost start(
      JournalFolder folder, JournalConfig config, List<HostedLog> logs, Neighbours neighbours)
      throws IOException, InterruptedException {
    Map<String, RaftGroupId> groups = new LinkedHashMap<>();
    Map<RaftGroupId, StateMachine> machines = new HashMap<>();
    for (HostedLog log : logs) {
      groups.put(log.name(), Replica.groupId(log.name()));
      machines.put(Replica.groupId(log.name()), log.machine());
    }
    machines.put(INTRODUCTION, new BaseStateMachine());
    UnfinishedGroups unfinished = new UnfinishedGroups(folder);
    unfinished.giveBack(); // from a start that was interrupted
    Entrance entrance = new Entrance(folder, neighbours, config.replicas());
    entrance.check(present(folder, groups));
    Member self = self(folder, config);
    unfinished.setAside();
    Set<String> started = present(folder, groups);
    Addressee addressee = new Addressee(folder.diskId());
    Parameters parameters = new Parameters();
    GrpcConfigKeys.Server.setServicesCustomizer(
        parameters, (builder, types) -> builder.intercept(addressee));
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(folder.diskId()))
            .setOption(RaftStorage.StartupOption.RECOVER)
            .setProperties(
                RaftSettings.of(
                    config, self.address(), folder.storage(), folder.root().resolve("removed")))
            .setParameters(parameters)
            .setStateMachineRegistry(machines::get)
            .build();
    RaftHost host =
        new RaftHost(server, self, neighbours, entrance, addressee, config.replicas().size() > 1);
    try {
      unfinished.giveBack(); // building has looked for groups
      server.start();
      groups.keySet().removeAll(started);
      host.addMissing(config, groups);
      return host;
    } catch (IOException | RuntimeException | InterruptedException e) {
      host.close();
      throw e;
    }
  }

  private static Member self(JournalFolder folder, JournalConfig config) throws IOException {
    int port = config.port() > 0 ? config.port() : folder.port();
    return new Member(folder.diskId(), new JournalAddress(config.host(), port));
  }

  /** The logs on disk. */
  private static Set<String> present(JournalFolder folder, Map<String, RaftGroupId> groups)
      throws IOException {
    Map<String, String> names = new HashMap<>();
    groups.forEach((log, group) -> names.put(group.getUuid().toString(), log));
    Set<String> present = new HashSet<>();
    for (Path path : folder.groups()) {
      String group = path.getFileName().toString();
      if (names.containsKey(group)) {
        present.add(names.get(group));
      } else if (!group.equals(LogIds.INTRODUCTION.toString())) {
        throw new IOException(path + " is a log that is not configured");
      }
    }
    return present;
  }

  private void addMissing(JournalConfig config, Map<String, RaftGroupId> missing)
      throws IOException, InterruptedException {
    if (config.replicas().isEmpty()) {
      for (RaftGroupId group : missing.values()) {
        add(group, List.of(self));
      }
      return;
    }
    if (!hosts(INTRODUCTION)) {
      add(INTRODUCTION, List.of());
    }
    Map<RaftGroupId, List<Member>> members = new LinkedHashMap<>();
    for (Map.Entry<String, RaftGroupId> log : missing.entrySet()) { // all before one is there
      members.put(log.getValue(), entrance.admit(log.getKey(), config.foundingPatience()));
    }
    for (Map.Entry<RaftGroupId, List<Member>> log : members.entrySet()) {
      add(log.getKey(), log.getValue());
    }
    entrance.hosting(config.logNames());
  }

  private boolean hosts(RaftGroupId wanted) {
    for (RaftGroupId group : server.getGroupIds()) {
      if (group.equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  private void add(RaftGroupId group, List<Member> members) throws IOException {
    List<RaftPeer> peers = members.stream().map(Views::raftPeer).toList();
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
    RaftPeer peer = Views.raftPeer(self);
    for (RaftGroupId group : server.getGroupIds()) {
      RaftServer.Division division = server.getDivision(group);
      var noted = division.getRaftConf().getAllPeers();
      if (noted.size() == 1
          && division.getInfo().isLeader()
          && !noted.iterator().next().getAddress().equals(peer.getAddress())) {
        SetConfigurationRequest request =
            new SetConfigurationRequest(
                ClientId.randomId(), server.getId(), group, 1, List.of(peer));
        require(server.setConfiguration(request), "cannot note the new address");
      }
    }
  }

  /** Notes the logs of which this disk has become a member since. */
  void noteMembership(String log) throws IOException {
    if (several && !entrance.wasMemberOf(log) && isMember(log)) {
      entrance.memberOf(log);
    }
  }

  /** Whether this disk is a member of a log, as far as it knows; if not, it waits to be one. */
  boolean isMember(String log) throws IOException {
    RaftServer.Division division = server.getDivision(Replica.groupId(log));
    return division.getRaftConf().getPeer(server.getId()) != null;
  }

  /** Whether this disk was a member of a log and is not any more. */
  boolean left(String log) throws IOException, InterruptedException {
    return several && entrance.wasMemberOf(log) && (!isMember(log) || entrance.isOut(log));
  }

  /** Whether there are other nodes. */
  boolean several() {
    return several;
  }

  /** How much was refused that was meant for another disk. */
  long misaddressed() {
    return addressee.refused();
  }

  Member self() {
    return self;
  }

  Neighbours neighbours() {
    return neighbours;
  }

  RaftServer server() {
    return server;
  }

  @Override
  public void close() throws IOException {
    try {
      server.close();
    } finally {
      neighbours.close();
    }
  }
}
