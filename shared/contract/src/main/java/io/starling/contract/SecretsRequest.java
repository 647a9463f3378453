package io.starling.contract;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What the accounts service answers about secrets: values that an account keeps for its
 * integrations and programs, and that nobody is shown again. All of it needs the database, and is
 * answered with {@link AccountsReply.DatabaseDown} within a second without it.
 */
public sealed interface SecretsRequest extends BusMessage, Addressed {
  /** Where it is served. */
  String ADDRESS = "accounts.secrets";

  /** How a secret may be called. */
  Pattern NAME = Pattern.compile("[A-Z_][A-Z0-9_]{0,63}");

  /** The largest value: bytes in UTF-8. */
  int MAX_VALUE_BYTES = 8 * 1024;

  /** How many an account may have. */
  int MOST = 100;

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Keep a secret.
   *
   * @param replaces whether in the place of the one of that name, if there is one
   */
  @Wire("secrets.put")
  record PutSecret(AccountId account, String name, String value, boolean replaces)
      implements SecretsRequest, Request<SecretsReply.PutReply> {
    @Override
    public String toString() {
      return "PutSecret[" + account + ", " + name + "]";
    }
  }

  /** Forget a secret. */
  @Wire("secrets.delete")
  record DeleteSecret(AccountId account, String name)
      implements SecretsRequest, Request<AccountsReply.WriteReply> {}

  /** Tell all of an account's, by name, without their values. */
  @Wire("secrets.list")
  record ListSecrets(AccountId account)
      implements SecretsRequest, Request<SecretsReply.ListReply> {}

  /**
   * Tell values, to a service that uses them for the account: never to who asks over the API.
   *
   * @param names at most {@link #MOST}
   */
  @Wire("secrets.read")
  record ReadSecrets(AccountId account, List<String> names)
      implements SecretsRequest, Request<SecretsReply.ReadReply> {}
}
