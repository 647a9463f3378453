package io.starling.contract;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What webhooks services answer about what was sent to endpoints. */
public sealed interface AttemptsReply extends BusMessage {

  /** The answer to {@link AttemptsRequest.Overview}. */
  sealed interface OverviewReply extends AttemptsReply {}

  /** The answer to {@link AttemptsRequest.Page}. */
  sealed interface PageReply extends AttemptsReply {}

  /** The answer to {@link AttemptsRequest.Trace}. */
  sealed interface TraceReply extends AttemptsReply {}

  /** The database cannot be asked for now. */
  @Wire("attempts.database-down")
  record DatabaseDown(int retryAfterSeconds) implements OverviewReply, PageReply, TraceReply {}

  /** The place that was asked for is none. */
  @Wire("attempts.place-unknown")
  record PlaceUnknown() implements PageReply {}

  /** What an attempt came to, or how a delivery ended without one. */
  enum Outcome {
    /** Taken. */
    DELIVERED(0),
    /** Answered with a status that says: not this request. */
    REFUSED(1),
    /** It may work later: a status that says so, no connection, no answer in time. */
    UNAVAILABLE(2),
    /** There was no request that could be sent. */
    IMPOSSIBLE(3),
    /** The end: it is not tried again. */
    GIVEN_UP(4);

    private final int code;

    Outcome(int code) {
      this.code = code;
    }

    /** As it stands in the database. */
    public int code() {
      return code;
    }

    /** The one of a code. */
    public static Outcome of(int code) {
      for (var outcome : values()) {
        if (outcome.code == code) {
          return outcome;
        }
      }
      throw new IllegalArgumentException("no outcome " + code);
    }
  }

  /**
   * One attempt, or the end of a delivery.
   *
   * @param event its id
   * @param device that published it, null for events of apps
   * @param webhookId what the endpoint saw, the same for every attempt of one delivery
   * @param number counts the attempts of one delivery, from 1
   * @param status what was answered, 0 if nothing was
   * @param error why it was not taken, in words; empty if it was
   * @param host whom it went to, empty if nobody
   * @param answer its first {@link #MAX_ANSWER} bytes
   */
  record Attempt(
      long atMillis,
      String event,
      String name,
      @Nullable DeviceId device,
      String webhookId,
      int number,
      Outcome outcome,
      int status,
      String error,
      String host,
      String method,
      Split split,
      Buffer answer) {
    /** What is kept of an answer. */
    public static final int MAX_ANSWER = 4096;
  }

  /** What the time of an attempt went into, in milliseconds; what it did not come to is 0. */
  record Split(int resolve, int connect, int tls, int firstByte, int total) {}

  /**
   * How often something occurred in an hour.
   *
   * @param hourMillis when it began, milliseconds since 1970
   * @param sent attempts that were taken
   * @param refused answered with a status that says: not this request
   * @param failed attempts that may work later, and requests that could not be made
   */
  record Hour(long hourMillis, long sent, long refused, long failed, long givenUp) {}

  /** The latest first. */
  @Wire("attempts.overview-found")
  record OverviewFound(List<Attempt> last, List<Attempt> failed, List<Hour> hours)
      implements OverviewReply {}

  /**
   * A page, the latest first.
   *
   * @param next to be asked for what is behind it, null if that was all
   */
  @Wire("attempts.page-found")
  record PageFound(List<Attempt> attempts, @Nullable String next) implements PageReply {}

  /** Why an event is not for an integration. */
  enum Obstacle {
    /** It is for it. */
    NONE,
    /** Events of the cloud itself start no integrations. */
    CLOUD,
    /** Its name does not start so. */
    NAME,
    /** The integration was disabled when it was published. */
    PAUSED,
    /** It is of another product or of none. */
    PRODUCT,
    /** It is of another device. */
    DEVICE,
    /** Its device is in none of the groups. */
    GROUP,
    /** Its data are kept back. */
    FILTER,
    /** The integration was made after it was published. */
    NEWER,
    /** The configuration cannot be used. */
    BROKEN,
    /** The integration is deleted. */
    DELETED
  }

  /** What became of a delivery. */
  enum State {
    /** There is none. */
    NONE,
    /** It is not tried yet, or will be tried again. */
    WAITING,
    DELIVERED,
    /** It is not tried again, and nothing is kept of it. */
    GIVEN_UP,
    /** It is set aside until the endpoint answers again. */
    PARKED,
    /** It is not tried again, but kept for those who want it sent again. */
    DEAD,
    /** There is no word of it: it may be older than the log, or told to a log that was full. */
    UNKNOWN
  }

  /**
   * An event and one integration.
   *
   * @param reason the obstacle in words, empty if there is none
   * @param attempts the first first
   */
  record Fate(
      IntegrationId integration,
      Obstacle obstacle,
      String reason,
      State state,
      List<Attempt> attempts) {}

  /** For each integration of the account, and those that are gone but were sent it. */
  @Wire("attempts.traced")
  record Traced(List<Fate> fates) implements TraceReply {}
}
