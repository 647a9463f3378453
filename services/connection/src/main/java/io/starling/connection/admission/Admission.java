package io.starling.connection.admission;

import io.starling.connection.guard.TokenBucket;
import io.starling.connection.guard.WaitingLine;
import io.starling.connection.guard.WaitingLine.Place;
import io.starling.connection.mqtt.Link;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * Gives each CONNECT its turn, at once or after a short wait. Belongs to one event loop; only
 * {@link #waiting} and {@link #perSecond} may be asked from elsewhere.
 */
public final class Admission {
  private static final long LOOK_MILLIS = 50;
  private static final long TURN_MILLIS = 10;

  /** A loop that is so late was frozen, or as good as. */
  private static final long FROZEN_NANOS = 1_000_000_000;

  /** For so long after that, what comes may have been sent long ago, by somebody who has left. */
  private static final long STALE_NANOS = 3_000_000_000L;

  private static final long STALE_TURN_MILLIS = 150;

  /** After this part of its patience the oldest counts as one who has waited for too long. */
  private static final int SLOW_PART = 4;

  private final Vertx vertx;
  private final AdmissionMeters meters;
  private final ConnectPace pace;
  private final TokenBucket tokens;
  private final WaitingLine<Promise<Turn>> line;
  private volatile int waiting;
  private volatile double perSecond;
  private long lookDueNanos;
  private long staleUntilNanos;
  private boolean turning;
  private boolean closed;

  /** What a CONNECT is told. */
  public enum Turn {
    /** Its turn has come. */
    COME_IN,
    /** Too many come, or it has waited for too long. */
    TOO_MANY,
    /** Nobody comes in any more. */
    CLOSED
  }

  private Admission(Vertx vertx, AdmissionLimits limits, AdmissionMeters meters) {
    this.vertx = vertx;
    this.meters = meters;
    this.pace = new ConnectPace(limits.perSecond());
    this.perSecond = pace.perSecond();
    this.tokens = new TokenBucket(perSecond, limits.burst(), System.nanoTime());
    long patience = limits.patience().toNanos();
    this.line = new WaitingLine<>(limits.waiting(), patience / SLOW_PART, patience);
    this.lookDueNanos = System.nanoTime();
    this.staleUntilNanos = lookDueNanos;
  }

  /** Opens the admission of one gateway, on the caller's event loop. */
  public static Admission open(Vertx vertx, AdmissionLimits limits, AdmissionMeters meters) {
    var opened = new Admission(vertx, limits, meters);
    meters.gauges(opened::waiting, opened::perSecond);
    opened.look();
    return opened;
  }

  /** Looks, again and again, how late this loop comes to a timer. */
  private void look() {
    long due = System.nanoTime() + LOOK_MILLIS * 1_000_000;
    lookDueNanos = due;
    var _ =
        vertx.setTimer(
            LOOK_MILLIS,
            _ -> {
              long lag = Math.max(0, System.nanoTime() - due);
              meters.lag(lag);
              noticeFreeze(System.nanoTime());
              perSecond = pace.observe(lag);
              tokens.rate(perSecond);
              if (!closed) {
                look();
              }
            });
  }

  /**
   * Asks for a turn. If it does not come at once the link is held until it does; nothing comes for
   * a client that goes away meanwhile.
   */
  public Future<Turn> turn(Link link) {
    if (closed) {
      return Future.succeededFuture(Turn.CLOSED);
    }
    long now = System.nanoTime();
    noticeFreeze(now);
    if (!isStale(now) && line.size() == 0 && tokens.take(now)) {
      meters.atOnce();
      return Future.succeededFuture(Turn.COME_IN);
    }
    Promise<Turn> turn = Promise.promise();
    var place = line.join(turn, now);
    link.hold().onSuccess(_ -> gone(place));
    for (var out = line.tooMany(now); out != null; out = line.tooMany(now)) {
      meters.tooMany();
      out.who().complete(Turn.TOO_MANY);
    }
    waiting = line.size();
    turnOn();
    return turn.future();
  }

  /**
   * Whether a CONNECT that comes now may be one of those that lay in the socket while this process
   * was frozen. Its client has long gone elsewhere and would be thrown out there if it came in; a
   * moment later it shows that the connection is closed.
   */
  private boolean isStale(long now) {
    return now - staleUntilNanos < 0;
  }

  /** By whatever comes first when the loop goes on: the look itself may come last. */
  private void noticeFreeze(long now) {
    if (now - lookDueNanos > FROZEN_NANOS) {
      staleUntilNanos = now + STALE_NANOS;
    }
  }

  private void gone(Place<Promise<Turn>> place) {
    if (line.leave(place)) {
      meters.gone();
      waiting = line.size();
    }
  }

  private void turnOn() {
    if (!turning && line.size() > 0) {
      turning = true;
      long now = System.nanoTime();
      noticeFreeze(now);
      var _ =
          vertx.setTimer(
              isStale(now) ? STALE_TURN_MILLIS : TURN_MILLIS,
              _ -> {
                turning = false;
                turns();
                turnOn();
              });
    }
  }

  private void turns() {
    long now = System.nanoTime();
    for (var out = line.tired(now); out != null; out = line.tired(now)) {
      meters.tired();
      out.who().complete(Turn.TOO_MANY);
    }
    while (line.size() > 0 && tokens.take(now)) {
      var next = line.next(now);
      if (next != null) {
        meters.waited(now - next.sinceNanos());
        next.who().complete(Turn.COME_IN);
      }
    }
    waiting = line.size();
  }

  /** Sends away everyone who waits, and whoever comes from here on. */
  public void close() {
    closed = true;
    for (var out = line.any(); out != null; out = line.any()) {
      out.who().complete(Turn.CLOSED);
    }
    waiting = 0;
  }

  /** How many wait. */
  public int waiting() {
    return waiting;
  }

  /** How many a second are let in now, at most. */
  public double perSecond() {
    return perSecond;
  }
}
