package io.starling.connection.persistent;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.Request;
import io.starling.contract.SessionsReply;
import io.starling.contract.SessionsRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks the leader of the log of sessions, whoever that is: a question that finds none, or one that
 * dies, is asked again within its time. Belongs to one event loop.
 */
public final class StoredSessions {
  private static final Duration ASK_LIMIT = Duration.ofSeconds(1);
  private static final Duration ATTACH_LIMIT = Duration.ofSeconds(4);
  private static final Duration SUBSCRIBE_LIMIT = Duration.ofSeconds(4);
  private static final Duration NOTE_LIMIT = Duration.ofSeconds(3);
  private static final Duration DISCARD_LIMIT = Duration.ofSeconds(10);
  private static final long PAUSE_MILLIS = 100;

  /** Clients whose former session is being forgotten. */
  private static final int MAX_DISCARDS = 10_000;

  private final Vertx vertx;
  private final Bus bus;
  private final ShardLeaders leaders;
  private final String gateway;
  private int discards;

  /**
   * For one gateway.
   *
   * @param gateway its name in this life of its process
   */
  public StoredSessions(Vertx vertx, Bus bus, ShardLeaders leaders, String gateway) {
    this.vertx = vertx;
    this.bus = bus;
    this.leaders = leaders;
    this.gateway = gateway;
  }

  /** Makes a session, or brings it here; fails if that is not known in time. */
  public Future<SessionsReply.AttachReply> attach(
      String key,
      AccountId account,
      long epoch,
      boolean cleanStart,
      long expirySeconds,
      SessionsRequest.@Nullable Will will) {
    return ask(
        relay ->
            new SessionsRequest.Attach(
                relay, key, account, epoch, gateway, cleanStart, expirySeconds, will),
        ATTACH_LIMIT);
  }

  /** Keeps all subscriptions of a session; fails if that is not known in time. */
  Future<SessionsReply.SubscribeReply> subscribe(
      String key,
      long epoch,
      List<SessionsRequest.StoredSubscription> subscriptions,
      List<JournalPosition> positions) {
    return ask(
        relay -> new SessionsRequest.Subscribe(relay, key, epoch, subscriptions, positions),
        SUBSCRIBE_LIMIT);
  }

  /** Tells how far the gateway and some of its sessions are. */
  Future<SessionsReply.NoteReply> note(
      List<JournalPosition> positions, List<SessionsRequest.SessionNote> notes) {
    return ask(relay -> new SessionsRequest.Note(relay, gateway, positions, notes), NOTE_LIMIT);
  }

  /**
   * Forgets what there was of a client that wants nothing kept; in the background, since nothing
   * depends on it but a later connection that wants to go on.
   */
  public void discard(String key, long belowEpoch) {
    if (discards >= MAX_DISCARDS) {
      return;
    }
    discards++;
    ask(relay -> new SessionsRequest.Discard(relay, key, belowEpoch), DISCARD_LIMIT)
        .onComplete(_ -> discards--);
  }

  private <R extends SessionsReply, Q extends SessionsRequest & Request<R>> Future<R> ask(
      Function<String, Q> request, Duration limit) {
    return ask(request, System.nanoTime() + limit.toNanos());
  }

  private <R extends SessionsReply, Q extends SessionsRequest & Request<R>> Future<R> ask(
      Function<String, Q> request, long deadline) {
    return leaders
        .findSessions()
        .map(relay -> bus.ask(request.apply(relay), ASK_LIMIT))
        .orElseGet(() -> Future.failedFuture("nobody leads the log of sessions"))
        .compose(
            reply ->
                reply instanceof SessionsReply.NotLeader || reply instanceof SessionsReply.Unknown
                    ? again(request, deadline, "it is led by another relay now")
                    : Future.succeededFuture(reply),
            cause -> again(request, deadline, String.valueOf(cause.getMessage())));
  }

  private <R extends SessionsReply, Q extends SessionsRequest & Request<R>> Future<R> again(
      Function<String, Q> request, long deadline, String cause) {
    long pause = ThreadLocalRandom.current().nextLong(PAUSE_MILLIS, 2 * PAUSE_MILLIS);
    return System.nanoTime() + pause * 1_000_000 - deadline > 0
        ? Future.failedFuture(cause)
        : vertx.timer(pause).compose(_ -> ask(request, deadline));
  }
}
