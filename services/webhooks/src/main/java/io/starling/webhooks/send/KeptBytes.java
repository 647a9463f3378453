package io.starling.webhooks.send;

/** What answers that are being read may hold together. Belongs to one event loop. */
final class KeptBytes {
  private final int most;
  private int kept;

  KeptBytes(int most) {
    this.most = most;
  }

  /** Takes room; false if there is none. */
  boolean take(int bytes) {
    if (kept + bytes > most) {
      return false;
    }
    kept += bytes;
    return true;
  }

  void free(int bytes) {
    kept -= bytes;
  }
}
