package io.starling.webhooks.connect;

/** Is told how far the opening of a request has come. */
public interface Progress {
  /** Does not care. */
  Progress NONE =
      new Progress() {
        @Override
        public void resolved(long nowNanos) {}

        @Override
        public void opened(long nowNanos, boolean isFresh, long tlsNanos) {}
      };

  /** The addresses are known; now it is connected, or a kept connection is found. */
  void resolved(long nowNanos);

  /**
   * The request can be written.
   *
   * @param isFresh whether it was connected for it
   * @param tlsNanos since when the handshake went on; 0 without one
   */
  void opened(long nowNanos, boolean isFresh, long tlsNanos);
}
