package io.starling.testing.load;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * Calls back at a fixed rate from a thread of its own, with the time at which each call was due: a
 * timer of the event loop has steps of a millisecond, which would be most of what is measured.
 */
final class Pacer {
  private final Thread thread;
  private volatile boolean stopped;

  Pacer(double perSecond, LongConsumer due) {
    thread = Thread.ofPlatform().daemon().name("pacer").start(() -> run(perSecond, due));
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }

  private void run(double perSecond, LongConsumer due) {
    var start = System.nanoTime();
    for (var n = 0L; !stopped; n++) {
      var at = start + (long) (n * 1e9 / perSecond);
      for (var wait = at - System.nanoTime(); wait > 0 && !stopped; ) {
        LockSupport.parkNanos(wait);
        wait = at - System.nanoTime();
      }
      due.accept(at);
    }
  }
}
