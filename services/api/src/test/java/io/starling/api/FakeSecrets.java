package io.starling.api;

import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.BusMessage;
import io.starling.contract.JournalPosition;
import io.starling.contract.SecretsReply;
import io.starling.contract.SecretsReply.Told;
import io.starling.contract.SecretsRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The part of the accounts service that has secrets, without a database; room for three. */
final class FakeSecrets {
  private final Map<String, String> values = new ConcurrentSkipListMap<>();

  private static String key(AccountId account, String name) {
    return account + "/" + name;
  }

  BusMessage answer(SecretsRequest request) {
    return switch (request) {
      case SecretsRequest.PutSecret(var account, var name, var value, boolean replaces) -> {
        if (!replaces && values.containsKey(key(account, name))) {
          yield new SecretsReply.SecretExists();
        }
        if (values.size() >= 3) {
          yield new SecretsReply.TooManySecrets();
        }
        values.put(key(account, name), value);
        yield new SecretsReply.SecretKept(told(name));
      }
      case SecretsRequest.DeleteSecret(var account, var name) ->
          values.remove(key(account, name)) == null
              ? new AccountsReply.NotFound()
              : new AccountsReply.Written(JournalPosition.START);
      case SecretsRequest.ListSecrets(var account) ->
          new SecretsReply.SecretsFound(
              values.keySet().stream()
                  .filter(key -> key.startsWith(account + "/"))
                  .map(key -> told(key.substring(key.indexOf('/') + 1)))
                  .toList());
      case SecretsRequest.ReadSecrets _ -> throw new AssertionError("nobody reads a value here");
    };
  }

  /** All values that are kept. */
  List<String> values() {
    return List.copyOf(values.values());
  }

  private static Told told(String name) {
    return new Told(name, 1_000, 2_000, name.equals("USED") ? 3_000L : null);
  }
}
