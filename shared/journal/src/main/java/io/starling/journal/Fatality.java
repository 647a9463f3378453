package io.starling.journal;

import io.starling.journal.disk.Ballast;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when the journal cannot go on. A Ratis log that failed to write stays failed until
 * the process restarts, and on a full disk its next note of the term would replace the old one by
 * an empty file: so space is made first.
 */
final class Fatality {
  private static final Logger LOG = LoggerFactory.getLogger(Fatality.class);

  private final Ballast ballast;
  private final Consumer<Throwable> onFatal;
  private final AtomicReference<@Nullable Throwable> cause = new AtomicReference<>();

  Fatality(Ballast ballast, Consumer<Throwable> onFatal) {
    this.ballast = ballast;
    this.onFatal = onFatal;
  }

  boolean happened() {
    return cause.get() != null;
  }

  /** Any thread; the first cause counts. */
  void report(Throwable failure) {
    if (!cause.compareAndSet(null, failure)) {
      return;
    }
    try {
      boolean dropped = ballast.drop();
      LOG.error("the journal cannot go on{}", dropped ? ", ballast dropped" : "", failure);
    } catch (IOException e) {
      LOG.error("the journal cannot go on, and its ballast cannot be dropped: {}", e, failure);
    }
    onFatal.accept(failure);
  }
}
