package io.starling.webhooks.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.usage.UsageCounter;
import io.starling.contract.AttemptsReply;
import io.starling.contract.Origin;
import io.starling.contract.UsageKind;
import io.starling.webhooks.attempt.AttemptLog;
import io.starling.webhooks.delivery.Departure.Fate;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.response.Answer;
import io.starling.webhooks.response.Responses;
import io.starling.webhooks.send.Attempt;
import io.starling.webhooks.send.Exchanged;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells what becomes of deliveries, event by event: to their devices, to usage, to the meters and
 * to the log. A delivery is finished once that is told, so that a crash before repeats it. Belongs
 * to one event loop.
 */
final class Outcomes {
  /** The answer to a batch is for none of its events. */
  private static final Answer NOTHING = new Answer(Buffer.buffer(), "");

  private final Responses responses;
  private final DeliveryMeters meters;
  private final UsageCounter usage;
  private final AttemptLog log;
  private final GivenUpLog givenUp = new GivenUpLog();

  /** Deliveries that ended, of which is not yet told. */
  private int telling;

  Outcomes(Responses responses, UsageCounter usage, MeterRegistry registry, AttemptLog log) {
    this.log = log;
    this.responses = responses;
    this.usage = usage;
    this.meters = new DeliveryMeters(registry);
  }

  /** Tells whether there is nothing left to be told. */
  boolean isQuiet() {
    return telling == 0;
  }

  /** A request has ended. */
  void attempted(Backlog backlog, Batch batch, Hook hook, Exchanged exchanged) {
    var attempt = exchanged.attempt();
    meters.attempted(attempt);
    log.attempted(logged(batch, hook), exchanged);
    if (!(attempt instanceof Attempt.Impossible)) {
      batch.deliveries().forEach(one -> count(backlog, one, UsageKind.DELIVERY_ATTEMPT));
    }
  }

  /** An event came while its endpoint gets probes only. */
  void slept(Backlog backlog, Delivery delivery) {
    count(backlog, delivery, UsageKind.DELIVERY_SLEEP);
  }

  /** It was taken. */
  void taken(Backlog backlog, Batch batch, Hook hook, @Nullable Answer answer, long nowMillis) {
    var told = hook.terms().batch() == null ? answer : NOTHING;
    for (var delivery : batch.deliveries()) {
      meters.taken(nowMillis - delivery.event.publishedAtMillis());
      count(backlog, delivery, UsageKind.DELIVERY_SUCCESS);
    }
    end(
        backlog,
        batch,
        Fate.DONE,
        one -> responses.taken(hook.responses(), one.event, webhookId(backlog, one), told));
  }

  /** It fails, and will be tried again. */
  void fails(Backlog backlog, Batch batch, Hook hook, Exchanged exchanged) {
    for (var delivery : batch.deliveries()) {
      var _ = failed(backlog, delivery, hook, exchanged.error());
    }
  }

  /**
   * It is given up.
   *
   * @param error what its devices are told; null if they know
   */
  void givenUp(Backlog backlog, Batch batch, Hook hook, String reason, @Nullable String error) {
    batch.error = reason;
    for (var delivery : batch.deliveries()) {
      givenUp.add(delivery.event.id(), backlog.integration(), reason);
      count(backlog, delivery, UsageKind.DELIVERY_FAILURE);
    }
    meters.gaveUp(batch.size());
    log.ended(logged(batch, hook), AttemptsReply.Outcome.GIVEN_UP, reason);
    end(
        backlog,
        batch,
        Fate.DEAD,
        one -> error == null ? Future.succeededFuture() : failed(backlog, one, hook, error));
  }

  /** So many were given up with all that is owed to an integration. */
  void givenUp(int deliveries) {
    meters.gaveUp(deliveries);
  }

  /** So many are forgotten because their integration is gone. */
  void dropped(int deliveries) {
    meters.dropped(deliveries);
  }

  /** Logs how many more were given up than were told one by one. */
  void tell() {
    givenUp.tell();
    responses.tellDropped();
  }

  private Future<Void> failed(Backlog backlog, Delivery delivery, Hook hook, String cause) {
    return responses.failed(hook.responses(), delivery.event, webhookId(backlog, delivery), cause);
  }

  private void end(
      Backlog backlog, Batch batch, Fate fate, Function<Delivery, Future<Void>> telling) {
    for (var delivery : batch.deliveries()) {
      this.telling++;
      var _ =
          telling
              .apply(delivery)
              .onComplete(
                  _ -> {
                    this.telling--;
                    depart(
                        backlog, new Departure(delivery, null, fate, 0, batch.made, batch.error));
                  });
    }
  }

  private static AttemptLog.Delivery logged(Batch batch, Hook hook) {
    var events = batch.deliveries().stream().map(delivery -> delivery.event).toList();
    String id = batch.webhookId(hook.integration().id());
    return new AttemptLog.Delivery(hook, events, id, batch.made);
  }

  private void depart(Backlog backlog, Departure departure) {
    if (!backlog.departures().add(departure)) {
      meters.lost();
    }
  }

  private static String webhookId(Backlog backlog, Delivery delivery) {
    return delivery.webhookId(backlog.integration());
  }

  private void count(Backlog backlog, Delivery delivery, UsageKind kind) {
    var event = delivery.event;
    var device = event.origin() == Origin.DEVICE ? event.id().origin() : null;
    usage.count(backlog.account(), event.product(), device, kind, 1);
  }
}
