package io.starling.api.ledgers;

import io.starling.directory.Directory;
import io.starling.directory.Entry;
import java.util.Optional;

/** Whose an instance is: the account's id, a device by id or name, a product by number or slug. */
final class ScopeValues {
  private final Directory directory;

  ScopeValues(Directory directory) {
    this.directory = directory;
  }

  /** Whose an instance may be that is written; empty if the account has no such thing. */
  Optional<String> writable(Entry.Ledger ledger, String text) {
    var account = ledger.account();
    return switch (ledger.scope()) {
      case OWNER -> Optional.of(account.toString()).filter(text::equals);
      case DEVICE -> directory.deviceOf(account, text).map(device -> device.id().toString());
      case PRODUCT ->
          directory
              .product(text)
              .filter(product -> product.owner().equals(account))
              .map(product -> Integer.toString(product.id()));
    };
  }

  /** The same of one that may be there already: also of what the account has no more. */
  String known(Entry.Ledger ledger, String text) {
    return writable(ledger, text).orElse(text);
  }
}
