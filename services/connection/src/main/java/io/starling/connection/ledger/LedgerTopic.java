package io.starling.connection.ledger;

import java.util.Optional;

/**
 * A topic of a ledger, {@code $cloud/ledger/<name>/<action>}.
 *
 * @param name of the ledger
 * @param action what is wanted of it
 */
record LedgerTopic(String name, String action) {
  private static final String PREFIX = "$cloud/ledger/";

  static final String GET = "get";
  static final String REPORT = "report";

  /** Reads what stands behind {@code $cloud/ledger/}. */
  static Optional<LedgerTopic> of(String rest) {
    int slash = rest.indexOf('/');
    return slash <= 0 || slash == rest.length() - 1
        ? Optional.empty()
        : Optional.of(new LedgerTopic(rest.substring(0, slash), rest.substring(slash + 1)));
  }

  /** Where a device is told a state. */
  static String set(String name) {
    return PREFIX + name + "/set";
  }

  /** Where a device is told that it cannot be done. */
  static String refused(String name) {
    return PREFIX + name + "/refused";
  }
}
