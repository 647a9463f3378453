package io.starling.contract;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the relay that leads the log of persistent sessions answers, at {@code sessions.<node>}: the
 * half of a session that outlives its gateway (MQTT 5, section 4.1). Its queue of messages is not
 * there: that is the journal itself, from where the session stands in each shard.
 *
 * <p>A session belongs to the gateway of its highest epoch. Each request may be sent twice, and is
 * answered once what it says is on disk at a majority.
 */
public sealed interface SessionsRequest extends BusMessage, Addressed {

  /** The relay node that is asked. */
  String relay();

  @Override
  default String address() {
    return "sessions." + relay();
  }

  /**
   * A client that wants its session kept, or has a will, has connected. Makes the session, or moves
   * it here; answered once a will of an earlier connection that this one calls for (MQTT 5, section
   * 3.1.3.2.2) is in the journal.
   *
   * @param key the session's: a device's id, or for an app {@code account/client id}
   * @param epoch of the connection
   * @param gateway the gateway's, of this life of its process
   * @param cleanStart whether what there was is to be forgotten first
   * @param expirySeconds how long the session is kept after its connection
   * @param will null if it has none
   */
  @Wire("sessions.attach")
  record Attach(
      String relay,
      String key,
      AccountId account,
      long epoch,
      String gateway,
      boolean cleanStart,
      long expirySeconds,
      @Nullable Will will)
      implements SessionsRequest, Request<SessionsReply.AttachReply> {

    /** Without a will. */
    public Attach(
        String relay,
        String key,
        AccountId account,
        long epoch,
        String gateway,
        boolean cleanStart,
        long expirySeconds) {
      this(relay, key, account, epoch, gateway, cleanStart, expirySeconds, null);
    }
  }

  /**
   * The subscriptions of a session are these, all of them.
   *
   * @param epoch as attached
   * @param positions where the session stands in each shard, by its number
   */
  @Wire("sessions.subscribe")
  record Subscribe(
      String relay,
      String key,
      long epoch,
      List<StoredSubscription> subscriptions,
      List<JournalPosition> positions)
      implements SessionsRequest, Request<SessionsReply.SubscribeReply> {}

  /**
   * How far a gateway and some of its sessions are. Repeated every few seconds also when nothing
   * has changed: the sessions of a gateway that falls silent count as left.
   *
   * @param positions the gateway's own in each shard: every session that keeps up stands there
   * @param notes of the sessions for which something has changed
   */
  @Wire("sessions.note")
  record Note(
      String relay, String gateway, List<JournalPosition> positions, List<SessionNote> notes)
      implements SessionsRequest, Request<SessionsReply.NoteReply> {}

  /** A client that wants nothing kept has connected: what there was below this epoch ends. */
  @Wire("sessions.discard")
  record Discard(String relay, String key, long belowEpoch)
      implements SessionsRequest, Request<SessionsReply.DiscardReply> {}

  /**
   * What is published for a client that goes without saying so (MQTT 5, section 3.1.2.5).
   *
   * @param shard where it is published
   * @param keepAliveSeconds of its connection: the will of a gateway that died waits as long as the
   *     gateway itself would have
   * @param delaySeconds how long after its connection it is published, unless the session ends
   *     before or goes on
   * @param event as it is published, alone in the form of {@link EventBatch}, but for the time
   */
  record Will(int shard, int keepAliveSeconds, long delaySeconds, Buffer event) {}

  /** What becomes of the will of a session whose connection is over. */
  enum WillFate {
    /** There is none, or the client has taken its leave: nothing is published. */
    NONE,
    /** It is published when its delay is over. */
    DUE,
    /**
     * The gateway has sent the client away to another: it is published if the client does not come
     * there in the time that it would have had to be silent here.
     */
    DEFERRED
  }

  /**
   * A subscription of a persistent session (MQTT 5, section 3.8.3.1).
   *
   * @param qos granted: 0 to 2
   * @param retainHandling 0 to 2
   * @param identifier 0 for none
   */
  record StoredSubscription(
      String filter,
      int qos,
      boolean noLocal,
      boolean retainAsPublished,
      int retainHandling,
      int identifier) {

    /** One with a QoS alone, and perhaps without the session's own messages. */
    public StoredSubscription(String filter, int qos, boolean noLocal) {
      this(filter, qos, noLocal, false, 0, 0);
    }
  }

  /**
   * What has become of a session; taken only if it is still attached in this epoch.
   *
   * @param positions where it stands in each shard, by its number; empty for {@link State#LIVE} and
   *     {@link State#ENDED}, and of one that has left and stands where it stood
   * @param expirySeconds how long it is kept from now on, {@link #SAME_EXPIRY}: as before
   * @param underWay of one that has left, the packets that neither side has finished with, for the
   *     gateway that it comes to next; in the gateways' own form, empty if there are none
   * @param will of one that has left or ended
   */
  record SessionNote(
      String key,
      long epoch,
      State state,
      List<JournalPosition> positions,
      long expirySeconds,
      Buffer underWay,
      WillFate will) {
    /** The expiry stays as it was. */
    public static final long SAME_EXPIRY = -1;

    @SuppressWarnings("ConstantValue") // null: written by older code
    public SessionNote {
      will = will == null ? WillFate.NONE : will;
    }

    /** One with nothing under way, kept as long as before. */
    public SessionNote(String key, long epoch, State state, List<JournalPosition> positions) {
      this(key, epoch, state, positions, SAME_EXPIRY, Buffer.buffer());
    }

    /** One without a will. */
    public SessionNote(
        String key,
        long epoch,
        State state,
        List<JournalPosition> positions,
        long expirySeconds,
        Buffer underWay) {
      this(key, epoch, state, positions, expirySeconds, underWay, WillFate.NONE);
    }

    /** The same, with what becomes of the will. */
    public SessionNote withWill(WillFate fate) {
      return new SessionNote(key, epoch, state, positions, expirySeconds, underWay, fate);
    }

    /** Tells whether there is more than where the session stands. */
    public boolean saysMore() {
      return expirySeconds != SAME_EXPIRY || underWay.length() > 0 || will != WillFate.NONE;
    }
  }

  /** How a session stands to its gateway. */
  enum State {
    /** It has everything that the gateway has, now and until another note. */
    LIVE,
    /** It has what was before its own positions, acknowledged. */
    BEHIND,
    /** Its connection is over, its expiry runs. */
    LEFT,
    /** It is over, nothing of it is kept. */
    ENDED
  }
}
