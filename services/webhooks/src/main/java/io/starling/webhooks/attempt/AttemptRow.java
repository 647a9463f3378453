package io.starling.webhooks.attempt;

import io.starling.contract.AccountId;
import io.starling.contract.AttemptsReply.Attempt;
import io.starling.contract.AttemptsReply.Outcome;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventId;
import io.starling.contract.IntegrationId;
import io.starling.contract.Origin;
import io.starling.webhooks.attempt.AttemptLog.Delivery;
import io.starling.webhooks.send.Exchanged;
import io.starling.webhooks.send.Talk;
import io.starling.webhooks.send.Timing;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row to be written. Holds nothing of the event's data.
 *
 * @param id tells rows of one integration and millisecond from each other
 */
record AttemptRow(
    AccountId account,
    IntegrationId integration,
    long atMillis,
    long id,
    EventId event,
    String name,
    @Nullable DeviceId device,
    String webhookId,
    int number,
    Outcome outcome,
    String error,
    String host,
    Talk talk,
    Timing timing) {

  /** What a row costs in memory beside its texts and its answer. */
  private static final int OVERHEAD_BYTES = 400;

  private static final int MOST_ERROR_CHARS = 300;

  /** One for each event; what was answered stands with the first. */
  static List<AttemptRow> of(Delivery delivery, Exchanged exchanged, long atMillis, long firstId) {
    var outcome = outcome(exchanged);
    String error = outcome == Outcome.DELIVERED ? "" : exchanged.error();
    var rows = new ArrayList<AttemptRow>(delivery.events().size());
    var talk = exchanged.talk();
    for (var event : delivery.events()) {
      var end = new End(outcome, storable(error), exchanged.host(), talk, exchanged.timing());
      rows.add(of(delivery, event, end, atMillis, firstId + rows.size()));
      talk = talk.withoutExcerpt();
    }
    return rows;
  }

  /** One for each event. */
  static List<AttemptRow> of(
      Delivery delivery, Outcome outcome, String reason, long atMillis, long firstId) {
    var end = new End(outcome, storable(reason), "", Talk.NONE, Timing.NONE);
    var rows = new ArrayList<AttemptRow>(delivery.events().size());
    for (var event : delivery.events()) {
      rows.add(of(delivery, event, end, atMillis, firstId + rows.size()));
    }
    return rows;
  }

  private record End(Outcome outcome, String error, String host, Talk talk, Timing timing) {}

  private static AttemptRow of(Delivery delivery, Event event, End end, long atMillis, long id) {
    var integration = delivery.hook().integration();
    return new AttemptRow(
        integration.account(),
        integration.id(),
        atMillis,
        id,
        event.id(),
        event.name(),
        event.origin() == Origin.DEVICE ? event.id().origin() : null,
        delivery.webhookId(),
        delivery.made(),
        end.outcome(),
        end.error(),
        end.host(),
        end.talk(),
        end.timing());
  }

  private static Outcome outcome(Exchanged exchanged) {
    return switch (exchanged.attempt()) {
      case io.starling.webhooks.send.Attempt.Delivered _ -> Outcome.DELIVERED;
      case io.starling.webhooks.send.Attempt.Refused _ -> Outcome.REFUSED;
      case io.starling.webhooks.send.Attempt.Unavailable _ -> Outcome.UNAVAILABLE;
      case io.starling.webhooks.send.Attempt.Impossible _ -> Outcome.IMPOSSIBLE;
    };
  }

  /** Texts of a database have no U+0000. */
  private static String storable(String text) {
    String some = text.length() > MOST_ERROR_CHARS ? text.substring(0, MOST_ERROR_CHARS) : text;
    return some.replace('\u0000', ' ');
  }

  /** Of its answer, what is kept. */
  Buffer answer() {
    var excerpt = talk.excerpt();
    return excerpt.length() <= Attempt.MAX_ANSWER ? excerpt : excerpt.slice(0, Attempt.MAX_ANSWER);
  }

  int cost() {
    return OVERHEAD_BYTES + 2 * (name.length() + error.length()) + talk.excerpt().length();
  }
}
