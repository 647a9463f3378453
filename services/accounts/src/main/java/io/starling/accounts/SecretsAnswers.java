package io.starling.accounts;

import io.starling.accounts.secret.AccountSecrets;
import io.starling.contract.BusMessage;
import io.starling.contract.SecretsRequest;
import io.vertx.core.Future;

/** What is asked about secrets, by who answers. */
record SecretsAnswers(AccountSecrets secrets) {

  Future<? extends BusMessage> answer(SecretsRequest request) {
    return switch (request) {
      case SecretsRequest.PutSecret put -> secrets.put(put);
      case SecretsRequest.DeleteSecret delete -> secrets.delete(delete);
      case SecretsRequest.ListSecrets list -> secrets.list(list);
      case SecretsRequest.ReadSecrets read -> secrets.read(read);
    };
  }
}
