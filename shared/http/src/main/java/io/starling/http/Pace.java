package io.starling.http;

import io.starling.http.rate.FailedAttempts;
import io.starling.http.rate.FailedAttempts.Outcome;
import io.starling.http.rate.RateLimits;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import java.util.Optional;
import java.util.Set;

/**
 * How fast clients may go, and what they are told who go faster.
 *
 * @param secrets routes that exchange secrets for something, such as {@code POST /oauth/token}: who
 *     fails there so often in a row is not heard for a while
 * @param easy of those, where anybody can be right, by a client without a secret: that ends no row
 */
public record Pace(
    RateLimits rates, FailedAttempts attempts, Set<String> secrets, Set<String> easy) {
  private static final Set<String> WRONG_SECRET =
      Set.of("invalid_client", "invalid_grant", "invalid_otp");

  /** Counts a request, and says what to answer instead of the route. */
  Optional<Answer.Whole> refusal(HttpServerRequest request, boolean forwarded, String pattern) {
    var wait =
        rates.arrived(
            Exchange.clientAddress(request, forwarded),
            request.method().name(),
            pattern,
            request.response().headers());
    return wait.isPresent() ? Optional.of(tooMany(wait.getAsInt())) : Optional.empty();
  }

  /** The same once it is known who asks. */
  Optional<Answer.Whole> refusal(Principal principal, HttpServerRequest request, String pattern) {
    var wait =
        rates.known(
            principal.tokenHash(),
            principal.account(),
            request.method().name(),
            pattern,
            request.response().headers());
    return wait.isPresent() ? Optional.of(tooMany(wait.getAsInt())) : Optional.empty();
  }

  /** The same endpoint, its failures counted if it is one that takes secrets. */
  Endpoint watch(HttpMethod method, String pattern, Endpoint endpoint) {
    String route = method.name() + " " + pattern;
    return secrets.contains(route)
        ? exchange -> attempt(exchange, endpoint, easy.contains(route))
        : endpoint;
  }

  private Future<? extends Answer> attempt(Exchange exchange, Endpoint endpoint, boolean isEasy) {
    String address = exchange.clientAddress();
    var wait = attempts.begin(address);
    if (wait.isPresent()) {
      return Future.succeededFuture(
          Errors.tooMany("Too many failed attempts, try again later", wait.getAsInt()));
    }
    return Future.succeededFuture(exchange)
        .<Answer>compose(asked -> endpoint.answer(asked).map(answer -> answer))
        .onComplete(
            done ->
                attempts.end(
                    address, done.succeeded() ? outcome(done.result(), isEasy) : Outcome.NEITHER));
  }

  private static Outcome outcome(Answer answer, boolean isEasy) {
    var outcome = outcome(answer);
    return isEasy && outcome == Outcome.RIGHT ? Outcome.NEITHER : outcome;
  }

  /** As the standards say it: OAuth by its code, all others by 401. */
  private static Outcome outcome(Answer answer) {
    if (!(answer instanceof Answer.Whole whole)) {
      return Outcome.NEITHER;
    }
    // 303: a page took the secret, and sends its person on.
    if (whole.status() < 300 || whole.status() == 303) {
      return Outcome.RIGHT;
    }
    return whole.status() == 401 || WRONG_SECRET.contains(code(whole))
        ? Outcome.WRONG
        : Outcome.NEITHER;
  }

  private static String code(Answer.Whole answer) {
    try {
      return answer.body().toJsonObject().getString("error", "");
    } catch (DecodeException | ClassCastException _) {
      return "";
    }
  }

  private static Answer.Whole tooMany(int seconds) {
    return Errors.tooMany("Too many requests, try again later", seconds);
  }
}
