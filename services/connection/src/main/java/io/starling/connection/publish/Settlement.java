package io.starling.connection.publish;

import io.starling.bootstrap.append.EventAppender.Outcome;
import io.starling.connection.publish.PublishMeters.Result;
import io.starling.contract.EventClass;

/** What the outcome of a batch means to an event of a class. */
final class Settlement {
  private Settlement() {}

  static Result of(Outcome outcome, byte classCode) {
    return switch (outcome) {
      case Outcome.Committed committed ->
          committed.holds(EventClass.of(classCode)) ? Result.COMMITTED : Result.REFUSED;
      case Outcome.Kept _ -> Result.REFUSED;
      case Outcome.Overloaded _ -> Result.OVERLOADED;
      case Outcome.Unavailable _ -> Result.UNAVAILABLE;
    };
  }
}
