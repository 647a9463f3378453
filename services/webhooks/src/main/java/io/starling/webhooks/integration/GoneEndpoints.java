package io.starling.webhooks.integration;

import io.starling.contract.Actor;
import io.starling.contract.AttemptsReply.Outcome;
import io.starling.contract.IntegrationId;
import io.starling.postgres.DatabaseUnavailable;
import io.starling.postgres.change.ConfigurationWriter;
import io.starling.webhooks.attempt.AttemptLog;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.request.BucketTemplate;
import io.starling.webhooks.send.Attempt;
import io.starling.webhooks.send.Exchanged;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches integrations off whose endpoint answers 410 (Standard Webhooks, "410 Gone"): it wants no
 * more, and goes on wanting none. Hears of attempts on their way to the log. Of an integration one
 * write is under way at most; one that fails is made again at the next 410. Belongs to one event
 * loop.
 */
public final class GoneEndpoints implements AttemptLog {
  private static final Logger LOG = LoggerFactory.getLogger(GoneEndpoints.class);
  private static final String VARIABLE = "{{";

  private final AttemptLog log;
  private final ConfigurationWriter writer;
  private final IntegrationStore store = new IntegrationStore();
  private final Set<IntegrationId> underWay = new HashSet<>();

  /** Tells all that it hears to this log. */
  public GoneEndpoints(AttemptLog log, ConfigurationWriter writer) {
    this.log = log;
    this.writer = writer.by(Actor.service("endpoints that answered 410"), "");
  }

  @Override
  public void attempted(Delivery delivery, Exchanged exchanged) {
    log.attempted(delivery, exchanged);
    if (exchanged.attempt() instanceof Attempt.Refused refused
        && refused.isGone()
        && hasOneEndpoint(delivery.hook())) {
      disable(delivery.hook());
    }
  }

  @Override
  public void ended(Delivery delivery, Outcome outcome, String reason) {
    log.ended(delivery, outcome, reason);
  }

  /** What data of events may choose is gone for these events only: no device decides for others. */
  private static boolean hasOneEndpoint(Hook hook) {
    var integration = hook.integration();
    var configuration = integration.configuration();
    return !integration.url().contains(VARIABLE)
        && !String.valueOf(configuration.getValue("query")).contains(VARIABLE)
        && !BucketTemplate.isFor(configuration);
  }

  private void disable(Hook hook) {
    var id = hook.integration().id();
    if (hook.isPaused() || !underWay.add(id)) {
      return;
    }
    var _ =
        writer
            .write(connection -> store.disable(connection, hook.integration()))
            .onComplete(_ -> underWay.remove(id))
            .onSuccess(written -> tell(id, written.value()))
            .onFailure(cause -> tell(id, cause));
  }

  private static void tell(IntegrationId id, boolean disabled) {
    if (disabled) {
      LOG.info("Integration {} is disabled: its endpoint answered 410", id);
    }
  }

  private static void tell(IntegrationId id, Throwable cause) {
    if (cause instanceof DatabaseUnavailable) {
      LOG.debug("Integration {} cannot be disabled now", id, cause);
    } else {
      LOG.warn("Integration {} could not be disabled: {}", id, cause.getMessage());
    }
  }
}
