package io.starling.contract;

import java.util.List;
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

  /**
   * Events that are kept, as far as an account may see them. An answer costs no more than a fixed
   * number of rows: with a filter it may have fewer events than asked for, even none, and go on all
   * the same.
   *
   * @param product only of this one; 0: of any and none
   * @param device only of this one
   * @param name null for any
   * @param exact whether the name is the whole name, and not its start
   * @param startMillis published at this time or later, milliseconds since 1970
   * @param endMillis published before this time
   * @param newestFirst or the oldest first
   * @param after a place from an earlier answer, null to begin
   * @param limit 1 to {@link #MAX_LIMIT}
   */
  @Wire("history.events")
  record Events(
      AccountId account,
      int product,
      @Nullable DeviceId device,
      @Nullable String name,
      boolean exact,
      @Nullable EventClass eventClass,
      @Nullable Origin origin,
      long startMillis,
      long endMillis,
      boolean newestFirst,
      @Nullable String after,
      int limit)
      implements HistoryRequest, Request<HistoryReply.EventsReply> {
    /** The most that one answer has. */
    public static final int MAX_LIMIT = 1_000;

    /** The name of the events that bear a device's vitals. */
    public static final String VITALS = "spark/device/diagnostics/update";

    /** The same with another limit. */
    public Events limit(int most) {
      return new Events(
          account,
          product,
          device,
          name,
          exact,
          eventClass,
          origin,
          startMillis,
          endMillis,
          newestFirst,
          after,
          most);
    }

    /** The same from another place on. */
    public Events from(String place) {
      return new Events(
          account,
          product,
          device,
          name,
          exact,
          eventClass,
          origin,
          startMillis,
          endMillis,
          newestFirst,
          place,
          limit);
    }
  }

  /**
   * What was used, by hour or by day (UTC).
   *
   * @param account whose it is
   * @param product only in this one; 0: in any and none
   * @param device only by this one
   * @param among only by these, at most {@link #MAX_DEVICES}; null for all
   * @param startMillis from the hour or day of this time on, milliseconds since 1970
   * @param endMillis up to before this time; at most {@link #MAX_BUCKETS} hours or days later
   */
  @Wire("history.usage")
  record Usage(
      AccountId account,
      int product,
      @Nullable DeviceId device,
      @Nullable List<DeviceId> among,
      long startMillis,
      long endMillis,
      boolean byDay)
      implements HistoryRequest, Request<HistoryReply.UsageReply> {
    /** The most that one answer has. */
    public static final int MAX_BUCKETS = 800;

    /** The most devices that can be asked for by name. */
    public static final int MAX_DEVICES = 1_000;
  }

  /**
   * Adds to what was used. Sent twice, it counts once.
   *
   * @param source who counts, made new at each start
   * @param batch the number of this batch; higher than that of all that this source sent before
   * @param notes at most {@link #MAX_NOTES}
   */
  @Wire("history.usage.note")
  record NoteUsage(String source, long batch, List<UsageNote> notes)
      implements HistoryRequest, Request<HistoryReply.NoteUsageReply> {
    /** The most that one request has. */
    public static final int MAX_NOTES = 1_000;
  }

  /**
   * What was used in an hour.
   *
   * @param product 0 for none
   * @param device null for no device, or for one that is not told
   * @param hourMillis when the hour (UTC) began, milliseconds since 1970
   */
  record UsageNote(
      AccountId account,
      int product,
      @Nullable DeviceId device,
      long hourMillis,
      UsageKind kind,
      long count) {}
}
