package io.starling.accounts;

import io.starling.accounts.client.Clients;
import io.starling.accounts.login.LogIns;
import io.starling.accounts.login.Mfa;
import io.starling.accounts.token.Tokens;
import io.starling.accounts.user.Links;
import io.starling.accounts.user.Users;
import io.starling.contract.BusMessage;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;

/** What is asked about people and their tokens, by the room that answers. */
record PeopleAnswers(
    ConfigurationWriter writer,
    Users users,
    LogIns logIns,
    Mfa mfa,
    Clients clients,
    Links links,
    Tokens tokens) {

  Future<? extends BusMessage> answer(PeopleRequest request) {
    return switch (request) {
      case PeopleRequest.SignUp signUp -> users.signUp(signUp);
      case PeopleRequest.DescribeUser describe -> users.describe(describe);
      case PeopleRequest.ChangeCredentials change -> users.change(change);
      case PeopleRequest.DeleteUser delete -> users.delete(delete);
      case PeopleRequest.ForgotPassword forgot -> links.forgot(forgot);
      case PeopleRequest.ResetPassword reset -> links.reset(reset);
      case PeopleRequest.ConfirmEmail confirm -> links.confirm(confirm);
      case PeopleRequest.LogIn logIn -> logIns.logIn(logIn);
      case PeopleRequest.LogInWithOtp logIn -> logIns.logIn(logIn);
      case PeopleRequest.Refresh refresh -> logIns.refresh(refresh);
      case PeopleRequest.ListTokens list -> logIns.list(list);
      case PeopleRequest.StartMfa start -> mfa.start(start);
      case PeopleRequest.EnrolMfa enrol -> mfa.enrol(enrol);
      case PeopleRequest.DisableMfa disable -> mfa.disable(disable);
      case PeopleRequest.CreateClient create -> clients.create(create);
      case PeopleRequest.EditClient edit -> clients.edit(edit);
      case PeopleRequest.DeleteClient delete -> clients.delete(delete);
      case PeopleRequest.IssueClientToken issue -> clients.issue(issue);
      case PeopleRequest.RevokeToken revoke ->
          written(writer.write(connection -> tokens.revoke(connection, revoke.tokenHash())));
      case PeopleRequest.RevokeAllTokens revoke ->
          written(writer.write(connection -> tokens.revokeAll(connection, revoke.account())));
    };
  }

  private static Future<PeopleReply> written(Future<ConfigurationWriter.Written<Void>> write) {
    return write.map(done -> new PeopleReply.Written(done.position()));
  }
}
