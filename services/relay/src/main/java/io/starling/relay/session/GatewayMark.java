package io.starling.relay.session;

import io.starling.contract.JournalPosition;
import java.util.List;

/**
 * How far one life of a gateway's process is.
 *
 * @param name one instance of it, shared by its sessions
 * @param positions every session of it that keeps up stands there
 * @param heardAtMillis when it was last heard of, by the clock of the leader of that time
 * @param sessions how many are attached there
 */
record GatewayMark(String name, List<JournalPosition> positions, long heardAtMillis, int sessions) {
  static GatewayMark of(String name) {
    return new GatewayMark(name, List.of(), 0, 0);
  }

  GatewayMark heard(List<JournalPosition> at, long atMillis) {
    return new GatewayMark(name, Positions.later(positions, at), atMillis, sessions);
  }

  GatewayMark changedBy(int more) {
    return new GatewayMark(name, positions, heardAtMillis, sessions + more);
  }

  /** Nobody needs it any more. */
  boolean isOver(long silentSinceMillis) {
    return sessions == 0 && heardAtMillis <= silentSinceMillis;
  }
}
