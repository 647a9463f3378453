package io.starling.webhooks.delivery;

import io.starling.contract.IntegrationId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries that are tried by one request, and end together; mostly a single one. Its members
 * never change. Belongs to its backlog.
 */
final class Batch {
  private static final int ID_BYTES = 16;

  private final List<Delivery> deliveries;

  /** The devices whose next deliveries wait for this, and for its rest. */
  private final List<Keys.Key> keys;

  /** What is tried once this has ended: the rest of what it was cut from. */
  private @Nullable Batch rest;

  /** What the last attempt came to, in words; empty if there was none. */
  String error = "";

  /** Attempts made so far. */
  int made;

  /** Attempts made before it was in memory. */
  private final int before;

  /** When the next attempt is due, once one was made. */
  long dueMillis;

  Batch(List<Delivery> deliveries, List<Keys.Key> keys) {
    this.deliveries = List.copyOf(deliveries);
    this.keys = keys;
    this.before = deliveries.stream().mapToInt(delivery -> delivery.before).max().orElse(0);
    this.made = before;
  }

  /** Tells whether the last attempt was the first one since it is in memory. */
  boolean wasNew() {
    return made == before + 1;
  }

  /** In the order of the journal. */
  List<Delivery> deliveries() {
    return deliveries;
  }

  int size() {
    return deliveries.size();
  }

  List<Keys.Key> keys() {
    return keys;
  }

  @Nullable Batch rest() {
    return rest;
  }

  /** Cuts it in two, of which the first is returned and brings the other along. */
  Batch cut() {
    int half = deliveries.size() / 2;
    var second = new Batch(deliveries.subList(half, deliveries.size()), keys);
    second.rest = rest;
    var first = new Batch(deliveries.subList(0, half), List.of());
    first.rest = second;
    return first;
  }

  /** From when on the age of its latest delivery counts: a batch is as old as that. */
  long bornMillis() {
    return deliveries.stream().mapToLong(delivery -> delivery.bornMillis).max().orElse(0);
  }

  /** Of a single one its own; of several one that follows from theirs, the same at each attempt. */
  String webhookId(IntegrationId integration) {
    if (deliveries.size() == 1) {
      return deliveries.getFirst().webhookId(integration);
    }
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var delivery : deliveries) {
        digest.update((delivery.event.id() + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return "batch-" + HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES) + "-" + integration;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
