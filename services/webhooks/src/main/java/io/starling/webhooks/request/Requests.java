package io.starling.webhooks.request;

import io.starling.contract.Event;
import java.util.List;

/** How an integration's requests look. Immutable and thread-safe. */
@FunctionalInterface
public interface Requests {
  /**
   * The one request for events.
   *
   * @param events several for batches only
   * @param id the webhook-id, the same for every attempt
   * @throws IllegalArgumentException if there is none that could be sent, with the reason; for
   *     several that may be because of one of them, or because they are too long together
   */
  OutboundRequest render(List<Event> events, String id);
}
