package io.starling.contract;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** The answer to {@link RetainedRequest.Find}. */
public sealed interface RetainedReply extends BusMessage {

  /**
   * A page.
   *
   * @param events in the form of {@link EventBatch}; none that has expired
   * @param next the topic behind which to go on, null if this was all
   */
  @Wire("retained.found")
  record Found(Buffer events, @Nullable String next) implements RetainedReply {}

  /** This node does not lead the log of retained messages. */
  @Wire("retained.not-leader")
  record NotLeader() implements RetainedReply {}
}
