package io.starling.contract;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the accounts service answers about secrets, beside {@link AccountsReply.WriteReply}. */
public sealed interface SecretsReply extends BusMessage {

  /** The answer to {@link SecretsRequest.PutSecret}. */
  sealed interface PutReply extends SecretsReply
      permits SecretKept, SecretExists, TooManySecrets, AccountsReply.DatabaseDown {}

  /** It is kept. */
  @Wire("secrets.kept")
  record SecretKept(Told secret) implements PutReply {}

  /** There is one of that name. */
  @Wire("secrets.exists")
  record SecretExists() implements PutReply {}

  /** The account has as many as it may have. */
  @Wire("secrets.too-many")
  record TooManySecrets() implements PutReply {}

  /** The answer to {@link SecretsRequest.ListSecrets}. */
  sealed interface ListReply extends SecretsReply
      permits SecretsFound, AccountsReply.DatabaseDown {}

  /** All of them, by name. */
  @Wire("secrets.found")
  record SecretsFound(List<Told> secrets) implements ListReply {}

  /** The answer to {@link SecretsRequest.ReadSecrets}. */
  sealed interface ReadReply extends SecretsReply
      permits SecretValues, AccountsReply.DatabaseDown {}

  /**
   * Values.
   *
   * @param values by name, of those that there are
   */
  @Wire("secrets.values")
  record SecretValues(Map<String, String> values) implements ReadReply {
    @Override
    public String toString() {
      return "SecretValues" + values.keySet();
    }
  }

  /**
   * What may be told of a secret.
   *
   * @param lastAccessedAtMillis when its value was last read, to the minute; null if it never was
   */
  record Told(
      String name,
      long createdAtMillis,
      long updatedAtMillis,
      @Nullable Long lastAccessedAtMillis) {}
}
