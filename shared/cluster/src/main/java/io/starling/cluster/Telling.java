package io.starling.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.IExecutorService;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other processes what this one serves: one round at a time, and again to those that have
 * not got it. Thread-safe; never blocks.
 */
final class Telling {
  private static final Logger LOG = LoggerFactory.getLogger(Telling.class);

  /** Longer nobody waits for a member that is told something, as it may be frozen. */
  private static final long TELL_MILLIS = 1_500;

  private final Registrations registrations;
  private final IExecutorService executor;
  private final Supplier<List<Member>> others;
  private final List<Completable<Void>> waiting = new ArrayList<>();
  private boolean underWay;

  /** By way of this executor. */
  Telling(Registrations registrations, IExecutorService executor, Supplier<List<Member>> others) {
    this.registrations = registrations;
    this.executor = executor;
    this.others = others;
  }

  /**
   * Tells all others what is served now; completes when they know, except those who do not answer.
   * What comes while others are being told goes out together afterwards.
   */
  void tell(Completable<Void> promise) {
    synchronized (waiting) {
      waiting.add(promise);
      if (underWay) {
        return;
      }
      underWay = true;
    }
    tellNext();
  }

  private void tellNext() {
    List<Completable<Void>> told;
    synchronized (waiting) {
      told = List.copyOf(waiting);
      waiting.clear();
    }
    var notice = registrations.notice();
    var _ =
        Future.join(others.get().stream().map(member -> send(notice, member)).toList())
            .onComplete(
                _ -> {
                  told.forEach(promise -> promise.succeed(null));
                  boolean more;
                  synchronized (waiting) {
                    more = !waiting.isEmpty();
                    underWay = more;
                  }
                  if (more) {
                    tellNext();
                  }
                });
  }

  /** Tells one that has just come. */
  void tell(Member member) {
    var _ = send(registrations.notice(), member);
  }

  /** Asks each of the others whether it knows all, and tells those that do not. */
  void repeat() {
    var question = registrations.notice().question();
    others.get().forEach(member -> bringUpToDate(question, member));
  }

  private void bringUpToDate(Notice question, Member member) {
    var _ =
        send(question, member)
            .onSuccess(
                known -> {
                  if (!known) {
                    tell(member);
                  }
                });
  }

  private Future<Boolean> send(Notice notice, Member member) {
    Promise<Boolean> answered = Promise.promise();
    try {
      executor.submitToMember(
          notice,
          member,
          new ExecutionCallback<Boolean>() {
            @Override
            public void onResponse(Boolean known) {
              answered.tryComplete(known);
            }

            @Override
            public void onFailure(Throwable cause) {
              answered.tryFail(cause);
            }
          });
    } catch (HazelcastException | RejectedExecutionException | IllegalStateException e) {
      answered.tryFail(e);
    }
    return answered
        .future()
        .timeout(TELL_MILLIS, TimeUnit.MILLISECONDS)
        .onFailure(e -> LOG.debug("{} was not told: {}", Joining.name(member), e.toString()));
  }
}
