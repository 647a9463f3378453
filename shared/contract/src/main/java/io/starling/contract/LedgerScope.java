package io.starling.contract;

import java.util.Optional;

/** What has an instance of a ledger each. */
public enum LedgerScope {
  /** The account: one instance. */
  OWNER("Owner"),
  /** Each device. */
  DEVICE("Device"),
  /** Each product. */
  PRODUCT("Product");

  private final String label;

  LedgerScope(String label) {
    this.label = label;
  }

  /** As Particle writes it. */
  public String label() {
    return label;
  }

  /** Reads what Particle writes. */
  public static Optional<LedgerScope> of(String label) {
    for (var scope : values()) {
      if (scope.label.equals(label)) {
        return Optional.of(scope);
      }
    }
    return Optional.empty();
  }
}
