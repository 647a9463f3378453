package io.starling.journal;

import io.vertx.core.Context;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells a reader that there is more: on its context, once however much was applied before it came
 * to run.
 */
final class CommitListener {
  private final Context context;
  private final Runnable action;
  private final AtomicBoolean told = new AtomicBoolean();

  CommitListener(Context context, Runnable action) {
    this.context = context;
    this.action = action;
  }

  void tell() {
    if (told.compareAndSet(false, true)) {
      context.runOnContext(
          _ -> {
            told.set(false);
            action.run();
          });
    }
  }
}
