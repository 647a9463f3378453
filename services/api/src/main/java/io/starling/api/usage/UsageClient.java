package io.starling.api.usage;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.Used;
import io.starling.contract.HistoryRequest;
import io.starling.http.Answer;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/** Asks the relays what was used, and answers callers as they like it. */
public final class UsageClient {
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final int RETRY_SECONDS = 2;

  private final Bus bus;

  /** Over this bus. */
  public UsageClient(Bus bus) {
    this.bus = bus;
  }

  /**
   * Asks.
   *
   * @param shown makes the answer of what was used; told whether the caller wants CSV
   */
  Future<Answer> answer(
      Exchange exchange,
      HistoryRequest.Usage request,
      BiFunction<List<Used>, Boolean, Answer.Whole> shown) {
    return bus.ask(request, DEADLINE)
        .otherwise(_ -> new HistoryReply.DatabaseDown(RETRY_SECONDS))
        .map(
            reply ->
                switch (reply) {
                  case HistoryReply.UsageFound(var used) -> shown(exchange, used, shown);
                  case HistoryReply.DatabaseDown(int seconds) ->
                      Errors.unavailable("Usage cannot be read for now, try again", seconds);
                });
  }

  /** The answer to what was used. */
  static Answer.Whole shown(
      Exchange exchange, List<Used> used, BiFunction<List<Used>, Boolean, Answer.Whole> shown) {
    String accept = exchange.request().getHeader("Accept");
    return shown.apply(used, accept != null && accept.contains("text/csv")).with("Vary", "Accept");
  }
}
