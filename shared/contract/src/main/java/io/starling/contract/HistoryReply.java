package io.starling.contract;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What relays answer about what devices did. */
public sealed interface HistoryReply extends BusMessage {

  /** The answer to {@link HistoryRequest.Connections}. */
  sealed interface ConnectionsReply extends HistoryReply {}

  /**
   * A page.
   *
   * @param next to be asked for what is behind it, null if that was all
   */
  @Wire("history.connections-found")
  record ConnectionsFound(List<Connection> connections, @Nullable String next)
      implements ConnectionsReply {}

  /**
   * One time that a device came or went.
   *
   * @param status {@code online} or {@code offline}
   * @param details what its gateway knew, as it says in the properties of {@code spark/status}
   */
  record Connection(long atMillis, String status, Map<String, String> details) {}

  /** The answer to {@link HistoryRequest.Events}. */
  sealed interface EventsReply extends HistoryReply {}

  /**
   * A page.
   *
   * @param events an {@link EventBatch}, in the order asked for
   * @param next to be asked for what is behind it, null if that was all
   */
  @Wire("history.events-found")
  record EventsFound(Buffer events, @Nullable String next) implements EventsReply {}

  /** The place that was asked for is none. */
  @Wire("history.place-unknown")
  record PlaceUnknown() implements ConnectionsReply, EventsReply {}

  /** The database cannot be asked for now. */
  @Wire("history.database-down")
  record DatabaseDown(int retryAfterSeconds)
      implements ConnectionsReply, EventsReply, UsageReply, NoteUsageReply {}

  /** The answer to {@link HistoryRequest.Usage}. */
  sealed interface UsageReply extends HistoryReply {}

  /** The hours or days in which something was used, the first first. */
  @Wire("history.usage-found")
  record UsageFound(List<Used> used) implements UsageReply {}

  /**
   * What was used from a time on.
   *
   * @param bytes of names and payloads
   * @param counts of all else; what did not occur is not in it. Of {@link UsageKind#ONLINE_DEVICES}
   *     by day: in the hour that had the most
   */
  record Used(long atMillis, long events, long bytes, Map<UsageKind, Long> counts) {
    /** Older versions tell no counts. */
    public Used(long atMillis, long events, long bytes, @Nullable Map<UsageKind, Long> counts) {
      this.atMillis = atMillis;
      this.events = events;
      this.bytes = bytes;
      this.counts = counts == null ? Map.of() : Map.copyOf(counts);
    }

    /** How often something occurred. */
    public long count(UsageKind kind) {
      return counts.getOrDefault(kind, 0L);
    }
  }

  /** The answer to {@link HistoryRequest.NoteUsage}. */
  sealed interface NoteUsageReply extends HistoryReply {}

  /** It is counted, now or before. */
  @Wire("history.usage.noted")
  record UsageNoted() implements NoteUsageReply {}
}
