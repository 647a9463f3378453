package io.starling.webhooks.send;

import io.starling.webhooks.connect.Progress;

/** Measures one attempt: whoever goes on says that he does. Belongs to one event loop. */
final class Stopwatch implements Progress {
  private final long startedNanos;
  private long steppedNanos;
  private Step step = Step.RESOLVE;
  private long resolve;
  private long connect;
  private long tls;
  private long firstByte;

  /** What is being waited for. */
  private enum Step {
    RESOLVE,
    CONNECT,
    ANSWER,
    REST
  }

  Stopwatch(long nowNanos) {
    startedNanos = nowNanos;
    steppedNanos = nowNanos;
  }

  /** A request begins; what was before, as getting a token, counts in the whole only. */
  void begins(long nowNanos) {
    step = Step.RESOLVE;
    steppedNanos = nowNanos;
  }

  @Override
  public void resolved(long nowNanos) {
    end(nowNanos, Step.CONNECT);
  }

  @Override
  public void opened(long nowNanos, boolean isFresh, long tlsNanos) {
    if (isFresh && tlsNanos != 0) {
      connect = tlsNanos - steppedNanos;
      tls = nowNanos - tlsNanos;
    } else if (isFresh) {
      connect = nowNanos - steppedNanos;
    }
    step = Step.ANSWER;
    steppedNanos = nowNanos;
  }

  /** The head of the answer is there. */
  void answered(long nowNanos) {
    end(nowNanos, Step.REST);
  }

  private void end(long nowNanos, Step next) {
    long nanos = nowNanos - steppedNanos;
    switch (step) {
      case RESOLVE -> resolve = nanos;
      case CONNECT -> connect = nanos;
      case ANSWER -> firstByte = nanos;
      case REST -> {}
    }
    step = next;
    steppedNanos = nowNanos;
  }

  /** What it went into, as it ends now. */
  Timing timing(long nowNanos) {
    end(nowNanos, Step.REST);
    return new Timing(
        millis(resolve),
        millis(connect),
        millis(tls),
        millis(firstByte),
        millis(nowNanos - startedNanos));
  }

  private static long millis(long nanos) {
    return Math.max(0, nanos + 500_000) / 1_000_000;
  }
}
