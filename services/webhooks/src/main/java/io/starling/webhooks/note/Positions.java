package io.starling.webhooks.note;

import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import java.util.Map;

/**
 * How far the deliveries of a shard have come: of an integration everything before its position has
 * ended or stands in the database.
 *
 * @param others of those that have no position of their own
 */
public record Positions(JournalPosition others, Map<IntegrationId, JournalPosition> own) {
  /** Nothing is known of any. */
  static final Positions NONE = new Positions(JournalPosition.START, Map.of());

  /** That of an integration. */
  public JournalPosition of(IntegrationId integration) {
    return own.getOrDefault(integration, others);
  }
}
