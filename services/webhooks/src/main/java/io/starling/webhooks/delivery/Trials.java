package io.starling.webhooks.delivery;

import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.starling.contract.WebhooksReply;
import io.starling.contract.WebhooksReply.Tested;
import io.starling.contract.WebhooksReply.Tested.Outcome;
import io.starling.contract.WebhooksRequest;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.match.Matcher;
import io.starling.webhooks.send.Attempt;
import io.starling.webhooks.send.Sender;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tests of integrations: one request each, of an event that is not in the journal. They are apart
 * from deliveries and say nothing to their circuits. Also paused ones can be tested. Belongs to one
 * event loop.
 */
public final class Trials {
  /** How many may be under way at once. */
  private static final int MOST = 16;

  private static final int SECONDS = 3;
  private static final Buffer DATA = Buffer.buffer("test-event");

  private final Matcher matcher;
  private final Sender client;
  private final InstantSource clock;
  private int underWay;

  /** Tests of the integrations that a matcher knows. */
  public Trials(Matcher matcher, Sender client, InstantSource clock) {
    this.matcher = matcher;
    this.client = client;
    this.clock = clock;
  }

  /** Makes one request. */
  public Future<WebhooksReply.TestReply> answer(WebhooksRequest.TestIntegration request) {
    if (underWay >= MOST) {
      return Future.succeededFuture(new WebhooksReply.Busy(SECONDS));
    }
    return matcher
        .find(request.account(), request.integration())
        .map(this::test)
        .orElseGet(() -> Future.succeededFuture(new WebhooksReply.NotFound()));
  }

  private Future<WebhooksReply.TestReply> test(Hook hook) {
    underWay++;
    var event = event(hook);
    return client
        .attempt(hook, List.of(event), event.id() + "-" + hook.integration().id())
        .onComplete(_ -> underWay--)
        .map(exchanged -> tested(exchanged.attempt()))
        .timeout(SECONDS, TimeUnit.SECONDS)
        .otherwise(
            _ -> new Tested(Outcome.UNAVAILABLE, 0, "no answer within " + SECONDS + " seconds"));
  }

  private Event event(Hook hook) {
    var device = hook.device();
    return new Event(
        new EventId(device == null ? DeviceId.create() : device, clock.millis(), 1),
        device == null ? Origin.API : Origin.DEVICE,
        hook.integration().account(),
        hook.product(),
        hook.integration().event(),
        DATA,
        EventClass.NORMAL,
        clock.millis());
  }

  private static WebhooksReply.TestReply tested(Attempt attempt) {
    return switch (attempt) {
      case Attempt.Delivered(int status) -> new Tested(Outcome.DELIVERED, status, "");
      case Attempt.Refused(int status) ->
          new Tested(Outcome.REFUSED, status, "endpoint answered " + status);
      case Attempt.Unavailable(String cause, _) -> new Tested(Outcome.UNAVAILABLE, 0, cause);
      case Attempt.Impossible(String cause) -> new Tested(Outcome.IMPOSSIBLE, 0, cause);
    };
  }
}
