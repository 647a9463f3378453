package io.starling.webhooks.send;

import io.starling.contract.Event;
import io.starling.webhooks.match.Hook;
import io.vertx.core.Future;
import java.util.List;

/** Brings events to where an integration wants them, once. Belongs to one event loop. */
public interface Sender {
  /**
   * Makes one attempt, which ends within its time.
   *
   * @param events more than one only for an integration that wants batches
   * @param id the webhook-id, the same for every attempt of one delivery
   * @return never fails
   */
  Future<Exchanged> attempt(Hook hook, List<Event> events, String id);
}
