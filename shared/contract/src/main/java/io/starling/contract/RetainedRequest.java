package io.starling.contract;

import io.vertx.core.buffer.Buffer;

/**
 * What the relay that leads the log of retained messages answers, at {@code retained.<node>}: the
 * last message of each topic that was published with RETAIN (MQTT 5, section 3.3.1.3). One log for
 * the region, so that of two clients that publish to a topic one after the other the second one's
 * stays, whatever shards they belong to.
 */
public sealed interface RetainedRequest extends BusMessage, Addressed {

  /** The relay node that is asked. */
  String relay();

  @Override
  default String address() {
    return "retained." + relay();
  }

  /**
   * These events are the retained messages of their topics now; one without data leaves its topic
   * without any. Answered once they are on disk at a majority. May be sent twice: an event of a
   * device does not take the place of a later one of that device.
   *
   * @param events in the form of {@link EventBatch}, at most 1 MiB
   */
  @Wire("retained.keep")
  record Keep(String relay, Buffer events)
      implements RetainedRequest, Request<RelayReply.AppendReply> {}

  /**
   * A page of an account's retained messages, in the order of their topics.
   *
   * @param filter the topics wanted
   * @param after the topic behind which to go on; empty to begin
   * @param maxBytes about how much to answer at most (at least one event is)
   */
  @Wire("retained.find")
  record Find(String relay, AccountId account, String filter, String after, int maxBytes)
      implements RetainedRequest, Request<RetainedReply> {}
}
