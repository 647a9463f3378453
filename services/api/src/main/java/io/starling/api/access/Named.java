package io.starling.api.access;

import io.starling.http.Answer;
import io.vertx.core.Future;
import java.util.function.Function;

/**
 * What a path names, if the caller may have it.
 *
 * @param <T> the kind of thing
 */
public sealed interface Named<T> {

  /** It is there, and the caller's. */
  record Yours<T>(T it) implements Named<T> {}

  /** It is not there, or not the caller's: what to answer. */
  record Absent<T>(Answer.Whole answer) implements Named<T> {}

  /** What belongs to it, if it is there. */
  default <U> Named<U> map(Function<T, U> part) {
    return switch (this) {
      case Yours<T>(var it) -> new Yours<>(part.apply(it));
      case Absent<T>(var answer) -> new Absent<>(answer);
    };
  }

  /** Goes on with it, or answers that it is absent. */
  default Future<Answer> then(Function<T, Future<? extends Answer>> next) {
    return switch (this) {
      case Yours<T>(var it) -> next.apply(it).map(answer -> answer);
      case Absent<T>(var answer) -> Future.succeededFuture(answer);
    };
  }
}
