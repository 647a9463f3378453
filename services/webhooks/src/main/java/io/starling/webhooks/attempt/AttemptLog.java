package io.starling.webhooks.attempt;

import io.starling.contract.AttemptsReply.Outcome;
import io.starling.contract.Event;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.send.Exchanged;
import java.util.List;

/** Is told of what became of deliveries. Never waits, never fails. Belongs to one event loop. */
public interface AttemptLog {
  /** Where nobody keeps it. */
  AttemptLog NONE =
      new AttemptLog() {
        @Override
        public void attempted(Delivery delivery, Exchanged exchanged) {}

        @Override
        public void ended(Delivery delivery, Outcome outcome, String reason) {}
      };

  /**
   * Which delivery it is about.
   *
   * @param events more than one if they are sent together
   * @param made attempts so far, the one at hand included
   */
  record Delivery(Hook hook, List<Event> events, String webhookId, int made) {}

  /** An attempt has ended. */
  void attempted(Delivery delivery, Exchanged exchanged);

  /** A delivery has ended, or was set aside, without being taken. */
  void ended(Delivery delivery, Outcome outcome, String reason);
}
