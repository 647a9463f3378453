package io.starling.journal.membership;

/**
 * Where a journal listens.
 *
 * @param host a stable name: addresses are stored in the log
 */
public record JournalAddress(String host, int port) {
  public JournalAddress {
    if (host.isBlank() || port < 1 || port > 65535) {
      throw new IllegalArgumentException("not an address of a journal: " + host + ":" + port);
    }
  }

  /**
   * Reads {@code host:port}.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static JournalAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon < 1 || !port.matches("\\d{1,5}")) {
      throw new IllegalArgumentException("not an address of a journal: " + text);
    }
    return new JournalAddress(text.substring(0, colon), Integer.parseInt(port));
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
