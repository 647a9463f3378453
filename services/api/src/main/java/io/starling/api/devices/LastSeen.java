package io.starling.api.devices;

import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.contract.HistoryReply.Connection;

/**
 * When a device was there.
 *
 * @param heardMillis 0 if that is not known
 * @param connectedMillis when it came; 0 if that is not known
 * @param address without port, empty if that is not known
 */
record LastSeen(boolean online, long heardMillis, long connectedMillis, String address) {
  /** Nobody knows. */
  static final LastSeen NEVER = new LastSeen(false, 0, 0, "");

  static LastSeen of(SessionEntry session) {
    return new LastSeen(
        session.online(),
        session.lastHeardMillis(),
        session.connectedAtMillis(),
        session.address());
  }

  /** As the history has it, where there is no session any more. */
  static LastSeen of(Connection last) {
    return new LastSeen(
        false, last.atMillis(), came(last), last.details().getOrDefault("address", ""));
  }

  private static long came(Connection last) {
    if (last.status().equals("online")) {
      return last.atMillis();
    }
    String seconds = last.details().getOrDefault("seconds", "");
    return seconds.matches("[0-9]{1,12}") ? last.atMillis() - 1_000 * Long.parseLong(seconds) : 0;
  }
}
