package io.starling.standalone;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a process, once: when the start failed, or when it is told to end. Thread-safe. */
final class Stop {
  private static final Logger LOG = LoggerFactory.getLogger(Stop.class);

  private final Cloud cloud;
  private final DataFolder data;
  private final Progress progress;
  private final Duration limit;
  private final AtomicBoolean begun = new AtomicBoolean();

  /** The end of these, which takes no longer than the limit. */
  Stop(Cloud cloud, DataFolder data, Progress progress, Duration limit) {
    this.limit = limit;
    this.cloud = cloud;
    this.data = data;
    this.progress = progress;
  }

  boolean hasBegun() {
    return begun.get();
  }

  /** From here on Ctrl-C and SIGTERM stop everything in order, also while it is starting. */
  void atExit() {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!begun.get()) {
                    progress.step("stopping");
                    run();
                    progress.step("stopped");
                  }
                },
                "starling-stop"));
  }

  /** Blocks until everything has stopped, at most for the limit; no-op if it has begun already. */
  void run() {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    var done = new CountDownLatch(1);
    cloud.stop().onComplete(_ -> done.countDown());
    try {
      if (!done.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("Not everything stopped in time; nothing acknowledged depends on it");
      }
      data.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("The data folder could not be given back: {}", e.getMessage());
    }
  }
}
