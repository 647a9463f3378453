package io.starling.accounts;

import io.starling.accounts.provider.Identities;
import io.starling.accounts.provider.ProviderSignIns;
import io.starling.accounts.provider.Providers;
import io.starling.contract.BusMessage;
import io.starling.contract.OidcRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** What is asked about people who sign in through providers, by the room that answers. */
record OidcAnswers(Providers providers, ProviderSignIns signIns, Identities identities) {

  /** The providers of the settings, for as long as the service lives. */
  static Providers providers(Vertx vertx, AccountsConfig config, InstantSource clock) {
    return new Providers(vertx, config.providers(), config.mailLinks(), clock);
  }

  Future<? extends BusMessage> answer(OidcRequest request) {
    return switch (request) {
      case OidcRequest.ListProviders _ -> Future.succeededFuture(providers.told());
      case OidcRequest.Begin begin -> signIns.begin(begin);
      case OidcRequest.Finish finish -> signIns.finish(finish);
      case OidcRequest.Confirm confirm -> signIns.confirm(confirm);
      case OidcRequest.ListIdentities list -> identities.list(list);
      case OidcRequest.RemoveIdentity remove -> identities.remove(remove);
    };
  }
}
