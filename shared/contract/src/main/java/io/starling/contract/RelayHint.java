package io.starling.contract;

import java.util.List;

/** What relays tell every process of their region, at {@code relays}. */
public sealed interface RelayHint extends BusMessage, Addressed {
  /** Where it is published. */
  String ADDRESS = "relays";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * A relay is there and leads these logs. Published about every second and with every change, so
   * that nobody who wants to append has to ask for a leader.
   *
   * @param leads all that it leads, maybe none
   */
  @Wire("relay.leading")
  record Leading(String relay, List<Lead> leads) implements RelayHint {}

  /**
   * A log that is led.
   *
   * @param log its name: {@code directory}, or {@code shard-} and a number
   * @param term under which; of two who say that they lead a log, the higher term does
   */
  record Lead(String log, long term) {}
}
