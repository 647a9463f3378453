package io.starling.embedded.pair;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * How a pair stands.
 *
 * @param time of the look
 * @param primary its name; empty without one that answers
 * @param promotion the last one: when, who, why; empty if there never was one
 * @param why what is being waited for or done, for people
 */
public record PairStatus(
    Instant time,
    State state,
    String primary,
    String promotion,
    String why,
    List<ServerStatus> servers) {

  /** What a client may expect. */
  public enum State {
    /** Every acknowledged commit is on both disks. */
    IN_SYNC,
    /** The primary works; the standby may lack something. */
    DEGRADED,
    /** Nobody accepts writes. */
    NO_PRIMARY,
    /** All are stopped on purpose. */
    STOPPED
  }

  /** What a server does. */
  public enum Role {
    /** Accepts writes. */
    PRIMARY,
    /** Answers read-only. */
    STANDBY,
    /** Runs and does not answer: frozen, or still recovering. */
    SILENT,
    /** Does not run. */
    DEAD
  }

  /**
   * One server.
   *
   * @param pid of its first process, if it runs
   * @param down whether an operator put it down
   * @param fenced whether it waits to be copied anew
   */
  public record ServerStatus(
      String name,
      String address,
      Role role,
      OptionalLong pid,
      long timeline,
      boolean down,
      boolean fenced) {

    private String toJson() {
      return ("{\"name\":%s,\"address\":%s,\"role\":%s,\"pid\":%s,\"timeline\":%d,"
              + "\"down\":%b,\"fenced\":%b}")
          .formatted(
              quoted(name),
              quoted(address),
              quoted(role.name().toLowerCase(Locale.ROOT)),
              pid.isPresent() ? Long.toString(pid.getAsLong()) : "null",
              timeline,
              down,
              fenced);
    }
  }

  /** Copies the list. */
  public PairStatus {
    servers = List.copyOf(servers);
  }

  PairStatus with(State other) {
    return new PairStatus(time, other, primary, promotion, why, servers);
  }

  /** The server of this name. */
  public ServerStatus server(String name) {
    return servers.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  /** On one line. */
  public String toJson() {
    return ("{\"time\":%s,\"state\":%s,\"primary\":%s,\"promotion\":%s,\"why\":%s,"
            + "\"servers\":[%s]}")
        .formatted(
            quoted(time.toString()),
            quoted(state.name().toLowerCase(Locale.ROOT)),
            quoted(primary),
            quoted(promotion),
            quoted(why),
            servers.stream().map(ServerStatus::toJson).collect(Collectors.joining(",")));
  }

  private static String quoted(String text) {
    return "\""
        + text.chars()
            .mapToObj(
                c ->
                    c == '"' || c == '\\'
                        ? "\\" + (char) c
                        : c < ' ' ? "\\u%04x".formatted(c) : Character.toString(c))
            .collect(Collectors.joining())
        + "\"";
  }
}
