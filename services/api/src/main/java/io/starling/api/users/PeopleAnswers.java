package io.starling.api.users;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.PeopleReply;
import io.starling.http.Answer;
import io.starling.http.Errors;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * What the routes about people answer alike. A wrong password is never a 401: see {@link Errors}.
 */
final class PeopleAnswers {
  private PeopleAnswers() {}

  static Answer.Whole refused(PeopleReply.SignUpRefused.Reason reason) {
    return Errors.errors(
        400,
        switch (reason) {
          case NOT_AN_EMAIL -> "username must be an email address";
          case IN_USE -> "username already in use";
          case PASSWORD_TOO_SHORT -> "password is too short";
          case PASSWORD_TOO_LONG -> "password is too long";
        });
  }

  static Future<Answer.Whole> changed(
      ConfigurationClient configuration,
      PeopleReply.ChangeReply reply,
      Supplier<Answer.Whole> done) {
    return switch (reply) {
      case PeopleReply.Written(var position) -> configuration.seen(position, done);
      case PeopleReply.CredentialsInvalid _ ->
          Future.succeededFuture(Errors.errors(400, "Current password is incorrect"));
      case PeopleReply.TooManyAttempts(int seconds) ->
          Future.succeededFuture(
              Errors.tooMany("Too many failed attempts, try again later", seconds));
      case PeopleReply.SignUpRefused(var reason) -> Future.succeededFuture(refused(reason));
      case PeopleReply.OwnsProducts _ ->
          Future.succeededFuture(
              Errors.errors(
                  400,
                  "You own products, or alone an organization: they must be deleted before you are"));
      case PeopleReply.DatabaseDown(int seconds) ->
          Future.succeededFuture(ConfigurationClient.unavailable(seconds));
    };
  }
}
