package io.starling.embedded;

import io.starling.embedded.EmbeddedSettings.Durability;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command line of the server of a cluster. */
record ServerCommand(Cluster cluster, Binaries binaries, Account account, Durability durability) {

  private static final String CONNECTIONS = "200";
  private static final String SMALL_BUFFERS = "16MB";

  /**
   * For the file of parameters, what it would otherwise say differently from the command line: at
   * each reload the server would call that an error.
   */
  static String lasting(Durability durability) {
    String connections = "max_connections = '%s'\n".formatted(CONNECTIONS);
    return durability == Durability.FOR_TESTS
        ? connections + "shared_buffers = '%s'\n".formatted(SMALL_BUFFERS)
        : connections;
  }

  /**
   * @param further server parameters, which win over ours
   */
  List<String> at(String host, int port, Map<String, String> further) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("listen_addresses", host);
    parameters.put("port", Integer.toString(port));
    parameters.put("unix_socket_directories", "");
    parameters.put("max_connections", CONNECTIONS);
    // Refused statements are for the client to log; here they would grow the log without bound.
    parameters.put("log_min_messages", "log");
    parameters.put("log_checkpoints", "off");
    if (durability == Durability.FOR_TESTS) {
      parameters.put("fsync", "off");
      parameters.put("full_page_writes", "off");
      parameters.put("shared_buffers", SMALL_BUFFERS);
    }
    parameters.putAll(further);
    List<String> command = new ArrayList<>();
    if (Shell.succeeds("setsid", "true")) {
      // Away from our terminal: an interrupt there is for us, who stop the database last.
      command.add("setsid");
    }
    List<String> postgres = new ArrayList<>();
    postgres.add(binaries.program("postgres").toString());
    postgres.addAll(List.of("-D", cluster.data().toString()));
    parameters.forEach((name, value) -> postgres.addAll(List.of("-c", name + "=" + value)));
    command.addAll(account.command(postgres));
    return command;
  }
}
