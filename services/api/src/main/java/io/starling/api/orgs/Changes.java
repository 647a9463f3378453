package io.starling.api.orgs;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.OrganizationsReply.ChangeRefused;
import io.starling.contract.OrganizationsReply.ChangeReply;
import io.starling.contract.Request;
import io.starling.http.Answer;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import java.util.function.Supplier;

/** Asks for what may be refused so that nothing is left without an owner. */
final class Changes {
  private Changes() {}

  static <Q extends Request<ChangeReply>> Future<Answer.Whole> answer(
      ConfigurationClient configuration,
      Exchange exchange,
      Q request,
      Supplier<Answer.Whole> done,
      Answer.Whole absent) {
    return configuration
        .by(exchange)
        .write(request)
        .compose(
            reply ->
                switch (reply) {
                  case AccountsReply.Written(var position) -> configuration.seen(position, done);
                  case AccountsReply.NotFound _ -> Future.succeededFuture(absent);
                  case ChangeRefused(var reason) ->
                      Future.succeededFuture(Errors.badRequest(why(reason)));
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  private static String why(ChangeRefused.Reason reason) {
    return switch (reason) {
      case NOT_EMPTY -> "The organization has products: delete them first";
      case LAST_OWNER -> "The organization needs an owner: make somebody else one first";
    };
  }
}
