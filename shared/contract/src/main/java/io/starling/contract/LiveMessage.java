package io.starling.contract;

import io.vertx.core.buffer.Buffer;

/** What relays tell the holders of subscriptions, at {@code live.<holder>}. */
public sealed interface LiveMessage extends BusMessage, Addressed {

  /**
   * Events that match some interest of the holder, in the order of their shard. A hint: may be lost
   * when a node dies.
   */
  @Wire("live.events")
  record LiveEvents(String holder, int shard, Buffer events) implements LiveMessage {
    @Override
    public String address() {
      return "live." + holder;
    }
  }

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
