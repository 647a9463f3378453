package io.starling.api.integrations;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.AttemptsReply;
import io.starling.contract.AttemptsRequest;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.IntegrationId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** Asks for the log of attempts; whoever does not answer in time has no database. */
final class AttemptsClient {
  private static final Duration DEADLINE = Duration.ofMillis(990);
  private static final int RETRY_SECONDS = 5;

  private final Bus bus;

  AttemptsClient(Bus bus) {
    this.bus = bus;
  }

  Future<AttemptsReply.OverviewReply> overview(AccountId account, IntegrationId integration) {
    return bus.ask(new AttemptsRequest.Overview(account, integration), DEADLINE)
        .otherwise(_ -> down());
  }

  Future<AttemptsReply.PageReply> page(AttemptsRequest.Page request) {
    return bus.ask(request, DEADLINE).otherwise(_ -> down());
  }

  Future<AttemptsReply.TraceReply> trace(Event event) {
    var batch = Buffer.buffer();
    EventBatch.write(batch, event);
    return bus.ask(new AttemptsRequest.Trace(event.account(), batch), DEADLINE)
        .otherwise(_ -> down());
  }

  private static AttemptsReply.DatabaseDown down() {
    return new AttemptsReply.DatabaseDown(RETRY_SECONDS);
  }
}
