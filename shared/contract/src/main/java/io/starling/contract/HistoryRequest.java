package io.starling.contract;

import org.jspecify.annotations.Nullable;

/**
 * What every relay answers at {@code history}, out of the database: what devices did. Without a
 * database the answer is {@link HistoryReply.DatabaseDown}, within a second.
 */
public sealed interface HistoryRequest extends BusMessage, Addressed {

  @Override
  default String address() {
    return "history";
  }

  /**
   * When a device came and went, the latest first; what an account may see of it.
   *
   * @param before a place from an earlier answer, null to begin
   * @param limit 1 to {@link #MAX_LIMIT}
   */
  @Wire("history.connections")
  record Connections(AccountId account, DeviceId device, @Nullable String before, int limit)
      implements HistoryRequest, Request<HistoryReply.ConnectionsReply> {
    /** The most that one answer has. */
    public static final int MAX_LIMIT = 100;
  }
}
