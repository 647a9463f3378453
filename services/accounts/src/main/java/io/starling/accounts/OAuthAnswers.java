package io.starling.accounts;

import io.starling.accounts.grant.Codes;
import io.starling.accounts.grant.DeviceCodes;
import io.starling.accounts.token.Tokens;
import io.starling.contract.BusMessage;
import io.starling.contract.JournalPosition;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthRequest;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;

/** What is asked about tokens that people grant, by the room that answers. */
record OAuthAnswers(
    PrimaryPool pool,
    ConfigurationWriter writer,
    Codes codes,
    DeviceCodes deviceCodes,
    Tokens tokens) {

  Future<? extends BusMessage> answer(OAuthRequest request) {
    return switch (request) {
      case OAuthRequest.GrantCode grant -> codes.grant(grant);
      case OAuthRequest.ExchangeCode exchange -> codes.exchange(exchange);
      case OAuthRequest.BeginDevice begin -> deviceCodes.begin(begin);
      case OAuthRequest.FindDevice find -> deviceCodes.find(find);
      case OAuthRequest.DecideDevice decide -> deviceCodes.decide(decide);
      case OAuthRequest.ExchangeDevice exchange -> deviceCodes.exchange(exchange);
      case OAuthRequest.RevokeOwn(var hash, var client) ->
          writer
              .write(connection -> tokens.revoke(connection, hash, client))
              .map(written -> new OAuthReply.Written(written.position()));
      case OAuthRequest.NoteUses uses ->
          pool.withConnection(connection -> tokens.noteUses(connection, uses))
              .map(new OAuthReply.Written(JournalPosition.START));
    };
  }
}
