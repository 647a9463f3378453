package io.starling.webhooks.attempt;

import io.starling.contract.AttemptsReply.Attempt;
import io.starling.contract.AttemptsReply.Fate;
import io.starling.contract.AttemptsReply.Obstacle;
import io.starling.contract.AttemptsReply.State;
import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.starling.webhooks.attempt.AttemptReader.Found;
import io.starling.webhooks.match.Matcher.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of an event, from what integrations are now and what is known of attempts. Pure. */
record FateRules(Duration maxAge) {

  /** For each integration of the account, and those that are gone. */
  List<Fate> of(
      Event event,
      List<Verdict> verdicts,
      List<Found> found,
      Map<IntegrationId, State> owed,
      long nowMillis) {
    Map<IntegrationId, List<Attempt>> attempts = new LinkedHashMap<>();
    for (var each : found) {
      attempts.computeIfAbsent(each.integration(), _ -> new ArrayList<>()).add(each.attempt());
    }
    var fates = new ArrayList<Fate>();
    for (var verdict : verdicts) {
      var own = attempts.remove(verdict.integration().id());
      var state = owed.get(verdict.integration().id());
      fates.add(fate(event, verdict, own == null ? List.of() : own, state, nowMillis));
    }
    attempts.forEach(
        (gone, own) ->
            fates.add(
                new Fate(gone, Obstacle.DELETED, "it is deleted since", state(own, null), own)));
    return fates;
  }

  /**
   * Of one integration.
   *
   * @param owed what left the journal; null if nothing did
   */
  private Fate fate(
      Event event, Verdict verdict, List<Attempt> attempts, @Nullable State owed, long nowMillis) {
    var integration = verdict.integration();
    // What was sent tells what it was then; the rest is what it is now.
    if (!attempts.isEmpty()) {
      return new Fate(integration.id(), Obstacle.NONE, "", state(attempts, owed), attempts);
    }
    if (owed != null) {
      return new Fate(integration.id(), Obstacle.NONE, "", owed, List.of());
    }
    if (verdict.obstacle() != null) {
      return none(integration.id(), obstacle(verdict.obstacle()), verdict.reason());
    }
    if (integration.createdAt().toEpochMilli() > event.publishedAtMillis()) {
      return none(integration.id(), Obstacle.NEWER, "it was made after the event was published");
    }
    boolean young = nowMillis - event.publishedAtMillis() <= maxAge.toMillis();
    var state = young ? State.WAITING : State.UNKNOWN;
    return new Fate(integration.id(), Obstacle.NONE, "", state, List.of());
  }

  private static Fate none(IntegrationId integration, Obstacle obstacle, String reason) {
    return new Fate(integration, obstacle, reason, State.NONE, List.of());
  }

  private static State state(List<Attempt> attempts, @Nullable State owed) {
    return switch (attempts.getLast().outcome()) {
      case DELIVERED -> State.DELIVERED;
      case REFUSED, UNAVAILABLE, IMPOSSIBLE -> owed == null ? State.WAITING : owed;
      case GIVEN_UP -> owed == null ? State.GIVEN_UP : owed;
    };
  }

  private static Obstacle obstacle(io.starling.webhooks.match.Obstacle obstacle) {
    return switch (obstacle) {
      case CLOUD -> Obstacle.CLOUD;
      case NAME -> Obstacle.NAME;
      case PAUSED -> Obstacle.PAUSED;
      case PRODUCT -> Obstacle.PRODUCT;
      case DEVICE -> Obstacle.DEVICE;
      case GROUP -> Obstacle.GROUP;
      case FILTER -> Obstacle.FILTER;
      case BROKEN -> Obstacle.BROKEN;
    };
  }
}
