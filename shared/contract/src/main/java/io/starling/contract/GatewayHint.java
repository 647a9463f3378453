package io.starling.contract;

/** What gateways tell every process of their region, at {@code gateways}. */
public sealed interface GatewayHint extends BusMessage, Addressed {
  /** Where it is published. */
  String ADDRESS = "gateways";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * A gateway is there. Published every second.
   *
   * @param epoch above all that it gave to sessions so far. Others go on above it: a client that
   *     comes to them is newer, however far their clocks are behind
   */
  @Wire("gateway.present")
  record Present(String gateway, long epoch) implements GatewayHint {}
}
