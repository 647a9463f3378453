package io.starling.contract;

import io.starling.contract.SessionsRequest.StoredSubscription;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** What is answered about persistent sessions. */
public sealed interface SessionsReply extends BusMessage {

  /** This node does not lead the log of sessions. */
  @Wire("sessions.not-leader")
  record NotLeader() implements AttachReply, SubscribeReply, NoteReply, DiscardReply {}

  /** Not known whether it was taken in: send it again. */
  @Wire("sessions.unknown")
  record Unknown(String cause) implements AttachReply, SubscribeReply, NoteReply, DiscardReply {}

  /** The answer to {@link SessionsRequest.Attach}. */
  sealed interface AttachReply extends SessionsReply {}

  /**
   * The session belongs to the gateway that asked.
   *
   * @param present whether there was one to go on with
   * @param positions where it stands in each shard, by its number; empty if it has no subscriptions
   * @param underWay the packets that were under way when it left its last gateway, as that said;
   *     empty if it did not say so
   */
  @Wire("sessions.attached")
  record Attached(
      boolean present,
      List<StoredSubscription> subscriptions,
      List<JournalPosition> positions,
      Buffer underWay)
      implements AttachReply {

    /** With nothing under way. */
    public Attached(
        boolean present, List<StoredSubscription> subscriptions, List<JournalPosition> positions) {
      this(present, subscriptions, positions, Buffer.buffer());
    }
  }

  /** There is a higher epoch, made by a faster clock: take one above it and ask again. */
  @Wire("sessions.superseded")
  record Superseded(long epoch) implements AttachReply {}

  /** The account, or the region, keeps as many sessions as it may. */
  @Wire("sessions.full")
  record Full() implements AttachReply {}

  /** The answer to {@link SessionsRequest.Subscribe}. */
  sealed interface SubscribeReply extends SessionsReply {}

  /** The subscriptions are kept. */
  @Wire("sessions.kept")
  record Kept() implements SubscribeReply {}

  /** There is no such session in this epoch any more. */
  @Wire("sessions.gone")
  record Gone() implements SubscribeReply {}

  /** The answer to {@link SessionsRequest.Note}. */
  sealed interface NoteReply extends SessionsReply {}

  /** Taken in, as far as it was about sessions of this gateway. */
  @Wire("sessions.noted")
  record Noted() implements NoteReply {}

  /** The answer to {@link SessionsRequest.Discard}. */
  sealed interface DiscardReply extends SessionsReply {}

  /** There is nothing below that epoch. */
  @Wire("sessions.discarded")
  record Discarded() implements DiscardReply {}
}
