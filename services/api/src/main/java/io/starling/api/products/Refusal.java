package io.starling.api.products;

import io.starling.http.Answer;
import io.vertx.core.Future;
import java.util.Optional;

/** Ends the reading of a file with an answer. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Answer.Whole answer;

  Refusal(Answer.Whole answer) {
    super("refused", null, false, false);
    this.answer = answer;
  }

  /** The answer of one, or the same failure. */
  static Future<Optional<Answer.Whole>> answerOf(Throwable cause) {
    return cause instanceof Refusal refusal
        ? Future.succeededFuture(Optional.of(refusal.answer))
        : Future.failedFuture(cause);
  }
}
