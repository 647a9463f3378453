package io.starling.webhooks.attempt;

import io.starling.contract.AttemptsReply;
import io.starling.contract.AttemptsReply.Attempt;
import io.starling.contract.AttemptsReply.Outcome;
import io.starling.contract.AttemptsReply.State;
import io.starling.contract.AttemptsRequest;
import io.starling.contract.AttemptsRequest.Overview;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.IntegrationId;
import io.starling.postgres.DatabaseUnavailable;
import io.starling.postgres.PrimaryPool;
import io.starling.webhooks.attempt.AttemptReader.Found;
import io.starling.webhooks.match.Matcher;
import io.starling.webhooks.match.Matcher.Verdict;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers questions about the log, out of the database. Belongs to one event loop. */
public final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
  private static final int RETRY_SECONDS = 5;

  /** Deliveries and configuration need connections, too. */
  private static final int MAX_UNDER_WAY = 4;

  /** Attempts of one event that are told, over all integrations. */
  private static final int MAX_TRACED = 500;

  private static final List<Outcome> FAILED =
      Arrays.stream(Outcome.values()).filter(it -> it != Outcome.DELIVERED).toList();

  private final AttemptReader reader;
  private final FateRules fates;
  private final Matcher matcher;
  private final Duration keep;
  private final InstantSource clock;
  private int underWay;

  /**
   * Answers out of a database.
   *
   * @param keep how long the log is kept
   * @param maxAge how long a delivery is tried
   */
  public Attempts(
      PrimaryPool database, Matcher matcher, Duration keep, Duration maxAge, InstantSource clock) {
    this.reader = new AttemptReader(database);
    this.fates = new FateRules(maxAge);
    this.matcher = matcher;
    this.keep = keep;
    this.clock = clock;
  }

  /** The answer while the database cannot be asked. */
  public static AttemptsReply.DatabaseDown databaseDown() {
    return new AttemptsReply.DatabaseDown(RETRY_SECONDS);
  }

  /** Answers; fails only by a mistake of ours. */
  public Future<? extends AttemptsReply> answer(AttemptsRequest request) {
    if (underWay == MAX_UNDER_WAY) {
      return Future.succeededFuture(new AttemptsReply.DatabaseDown(1));
    }
    underWay++;
    Future<? extends AttemptsReply> answer =
        switch (request) {
          case Overview asked -> overview(asked).otherwise(Attempts::down);
          case AttemptsRequest.Page asked -> page(asked).otherwise(Attempts::down);
          case AttemptsRequest.Trace(_, var event) ->
              trace(EventBatch.decode(event).getFirst()).otherwise(Attempts::down);
        };
    return answer.onComplete(_ -> underWay--);
  }

  private static AttemptsReply.DatabaseDown down(Throwable cause) {
    if (!(cause instanceof DatabaseUnavailable)) {
      LOG.warn("The log of attempts cannot be read: {}", cause.getMessage());
    }
    return databaseDown();
  }

  private long oldest() {
    return clock.millis() - keep.toMillis();
  }

  /** Nothing is later, whatever the clocks of other nodes say. */
  private long latest() {
    return clock.millis() + Duration.ofDays(1).toMillis();
  }

  private Future<AttemptsReply.OverviewReply> overview(Overview asked) {
    var last = first(asked, List.of());
    var failed = first(asked, FAILED);
    var start = AttemptPlace.before(last.endMillis());
    return reader.ask(
        connection ->
            reader
                .page(connection, last, start, Overview.LAST)
                .compose(
                    lately ->
                        reader
                            .page(connection, failed, start, Overview.LAST)
                            .compose(
                                wrong ->
                                    reader
                                        .hours(
                                            connection,
                                            asked.account(),
                                            asked.integration(),
                                            Overview.HOURS)
                                        .map(
                                            hours ->
                                                new AttemptsReply.OverviewFound(
                                                    fitting(lately), fitting(wrong), hours)))));
  }

  private AttemptsRequest.Page first(Overview asked, List<Outcome> outcomes) {
    return new AttemptsRequest.Page(
        asked.account(),
        asked.integration(),
        oldest(),
        latest(),
        outcomes,
        null,
        null,
        null,
        Overview.LAST);
  }

  private static List<Attempt> fitting(List<Found> found) {
    return found.stream().filter(Found::fits).map(Found::attempt).toList();
  }

  private Future<AttemptsReply.PageReply> page(AttemptsRequest.Page request) {
    var asked = within(request);
    int limit = Math.clamp(asked.limit(), 1, AttemptsRequest.Page.MAX_LIMIT);
    var after =
        asked.after() == null
            ? Optional.of(AttemptPlace.before(asked.endMillis()))
            : AttemptPlace.parse(asked.after());
    if (after.isEmpty()) {
      return Future.succeededFuture(new AttemptsReply.PlaceUnknown());
    }
    if (asked.event() != null) {
      return ofEvent(asked, asked.event(), limit);
    }
    return reader
        .ask(connection -> reader.page(connection, asked, after.get(), limit + 1))
        .map(found -> page(found, limit));
  }

  private AttemptsRequest.Page within(AttemptsRequest.Page asked) {
    return new AttemptsRequest.Page(
        asked.account(),
        asked.integration(),
        Math.max(asked.startMillis(), oldest()),
        Math.clamp(asked.endMillis(), 0, latest()),
        asked.outcomes(),
        asked.device(),
        asked.event(),
        asked.after(),
        asked.limit());
  }

  private static AttemptsReply.PageReply page(List<Found> found, int limit) {
    var fitting = found.stream().filter(Found::fits).limit(limit).toList();
    boolean full = found.stream().filter(Found::fits).count() > limit;
    AttemptPlace next = null;
    if (full) {
      next = fitting.getLast().place();
    } else if (!found.isEmpty() && found.getLast().isLast()) {
      next = found.getLast().place();
    }
    return new AttemptsReply.PageFound(
        fitting.stream().map(Found::attempt).toList(), next == null ? null : next.toString());
  }

  /** One event has few attempts: they are told at once. */
  private Future<AttemptsReply.PageReply> ofEvent(
      AttemptsRequest.Page asked, String event, int limit) {
    String integration = asked.integration().toString();
    return reader
        .ask(
            connection ->
                reader.ofEvent(
                    connection,
                    asked.account(),
                    event,
                    integration,
                    asked.startMillis(),
                    asked.endMillis(),
                    limit))
        .map(
            found ->
                new AttemptsReply.PageFound(
                    found.stream()
                        .map(Found::attempt)
                        .filter(attempt -> fits(asked, attempt))
                        .toList(),
                    null));
  }

  private static boolean fits(AttemptsRequest.Page asked, Attempt attempt) {
    return (asked.outcomes().isEmpty() || asked.outcomes().contains(attempt.outcome()))
        && (asked.device() == null || asked.device().equals(attempt.device()));
  }

  private Future<AttemptsReply.TraceReply> trace(@Nullable Event event) {
    if (event == null) {
      return Future.succeededFuture(new AttemptsReply.Traced(List.of()));
    }
    var verdicts = matcher.explain(event);
    var ids = verdicts.stream().map(one -> event.id() + "-" + one.integration().id()).toList();
    return reader.ask(
        connection ->
            reader
                .ofEvent(
                    connection,
                    event.account(),
                    event.id().toString(),
                    "",
                    oldest(),
                    latest(),
                    MAX_TRACED)
                .compose(
                    found ->
                        reader
                            .owed(connection, ids)
                            .map(owed -> traced(event, verdicts, found, owed))));
  }

  private AttemptsReply.TraceReply traced(
      Event event, List<Verdict> verdicts, List<Found> found, Map<IntegrationId, State> owed) {
    return new AttemptsReply.Traced(
        fates.of(event, verdicts, found.reversed(), owed, clock.millis()));
  }
}
