package io.starling.relay.session;

import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsRequest;
import io.starling.contract.SessionsRequest.Attach;
import io.starling.contract.SessionsRequest.Discard;
import io.starling.contract.SessionsRequest.Note;
import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.StoredSubscription;
import io.starling.contract.SessionsRequest.Subscribe;
import java.util.List;

/**
 * How much is kept, and how much one request may say. The gateways have stricter limits of their
 * own: to go beyond these is a mistake in the program that asks.
 */
final class SessionLimits {
  /** A session with two subscriptions takes 570 bytes of the heap: 110 MB for all. */
  static final int MAX_SESSIONS = 200_000;

  /** A quarter of all: no account takes the room of the others. Who has a will counts as well. */
  static final int MAX_SESSIONS_OF_ACCOUNT = 50_000;

  /** A payload of 64 KiB, which is what MQTT allows, with its topic and properties. */
  static final int MAX_WILL_BYTES = 80 << 10;

  static final long MAX_BYTES_OF_WILLS = 64L << 20;

  static final int MAX_SUBSCRIPTIONS = 100;
  static final int MAX_FILTER_CHARS = 1_024;

  /** With keys of the usual length some 100 KB in the log. */
  static final int MAX_NOTES = 1_000;

  /** An app's is an account's id, a slash, and a client id of which gateways take 128. */
  static final int MAX_KEY_CHARS = 256;

  /** A window of packets that are under way; most sessions leave with none. */
  static final int MAX_UNDER_WAY_BYTES = 8 << 10;

  static final int MAX_GATEWAY_CHARS = 256;

  /** More than a region can have. */
  static final int MAX_SHARDS = 256;

  /** The largest that MQTT knows (section 3.1.2.11.2): 136 years, which is "does not expire". */
  static final long MAX_EXPIRY_SECONDS = 0xFFFF_FFFFL;

  private SessionLimits() {}

  /**
   * Checks the size of what is asked.
   *
   * @throws IllegalArgumentException if it says more than a request may
   */
  static void check(SessionsRequest request) {
    switch (request) {
      case Attach attach -> {
        key(attach.key());
        atMost("characters in a gateway's name", attach.gateway().length(), MAX_GATEWAY_CHARS);
        require(
            attach.expirySeconds() >= 0 && attach.expirySeconds() <= MAX_EXPIRY_SECONDS,
            "expirySeconds " + attach.expirySeconds());
        var will = attach.will();
        if (will != null) {
          atMost("bytes in a will", will.event().length(), MAX_WILL_BYTES);
          require(will.delaySeconds() >= 0, "delaySeconds " + will.delaySeconds());
          require(will.shard() >= 0 && will.shard() < MAX_SHARDS, "shard " + will.shard());
        }
      }
      case Subscribe subscribe -> {
        key(subscribe.key());
        subscriptions(subscribe.subscriptions());
        positions(subscribe.positions());
      }
      case Note note -> {
        atMost("characters in a gateway's name", note.gateway().length(), MAX_GATEWAY_CHARS);
        positions(note.positions());
        atMost("notes", note.notes().size(), MAX_NOTES);
        for (var each : note.notes()) {
          key(each.key());
          positions(each.positions());
          atMost("bytes under way", each.underWay().length(), MAX_UNDER_WAY_BYTES);
          require(
              each.expirySeconds() >= SessionNote.SAME_EXPIRY
                  && each.expirySeconds() <= MAX_EXPIRY_SECONDS,
              "expirySeconds " + each.expirySeconds());
        }
      }
      case Discard discard -> key(discard.key());
    }
  }

  private static void key(String key) {
    require(!key.isEmpty(), "an empty key");
    atMost("characters in a key", key.length(), MAX_KEY_CHARS);
  }

  private static void subscriptions(List<StoredSubscription> subscriptions) {
    atMost("subscriptions", subscriptions.size(), MAX_SUBSCRIPTIONS);
    for (var subscription : subscriptions) {
      atMost("characters in a filter", subscription.filter().length(), MAX_FILTER_CHARS);
      require(subscription.qos() >= 0 && subscription.qos() <= 2, "qos " + subscription.qos());
      require(
          subscription.retainHandling() >= 0 && subscription.retainHandling() <= 2,
          "retain handling " + subscription.retainHandling());
      require(subscription.identifier() >= 0, "identifier " + subscription.identifier());
    }
  }

  private static void positions(List<JournalPosition> positions) {
    atMost("positions", positions.size(), MAX_SHARDS);
  }

  private static void atMost(String what, int count, int most) {
    require(count <= most, count + " " + what + ", at most " + most);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException("a request about sessions: " + otherwise);
    }
  }
}
