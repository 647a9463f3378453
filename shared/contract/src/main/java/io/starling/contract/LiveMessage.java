package io.starling.contract;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/** What relays tell the holders of subscriptions, at {@code live.<holder>}. */
public sealed interface LiveMessage extends BusMessage, Addressed {

  /**
   * Events that match some interest of the holder, in the order of their shard. A hint: may be lost
   * when a node dies, and repeated by a new leader. Whoever must not miss any compares the
   * positions: each message of a relay begins where the one before it ended, and one without events
   * comes about every second.
   *
   * @param version of the holder's interests that was routed by
   * @param from everything that matches and is at or behind this position...
   * @param to ...and before this one is in {@code events}
   * @param records the position of each journal record that some events are of, with the number of
   *     their bytes
   */
  @Wire("live.events")
  record LiveEvents(
      String holder,
      int shard,
      long version,
      JournalPosition from,
      JournalPosition to,
      List<RelayReply.RecordAt> records,
      Buffer events)
      implements LiveMessage {
    @Override
    public String address() {
      return "live." + holder;
    }
  }

  /**
   * Events of shared subscriptions that this holder, and no other, is to give to one member each,
   * in the order in which the members of one are to get them. Until the relay is told that they are
   * done with ({@link RelayRequest.SharedDone}) it gives them to another holder if this one falls
   * silent or does not take this message.
   *
   * @param relay who is told
   * @param given of each event what it is for
   */
  @Wire("live.shared")
  record SharedEvents(String holder, String relay, List<Given> given, Buffer events)
      implements LiveMessage {
    @Override
    public String address() {
      return "shared." + holder;
    }
  }

  /**
   * One event for a shared subscription.
   *
   * @param id among those that the relay has given to anybody
   * @param filter the subscription, as {@link SharedFilter} has it
   * @param position of the journal record that the event is of
   */
  record Given(long id, String filter, int shard, JournalPosition position) {}

  /**
   * A relay started (again) and knows of nobody: whoever holds subscriptions sends them. Published
   * to all.
   */
  @Wire("live.interest-wanted")
  record InterestWanted(String relay) implements LiveMessage {
    /** Where it is published. */
    public static final String ADDRESS = "live";

    @Override
    public String address() {
      return ADDRESS;
    }
  }
}
