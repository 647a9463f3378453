package io.starling.contract;

/** What gateways tell every process of their region, at {@code gateways}. */
public sealed interface GatewayHint extends BusMessage, Addressed {
  /** Where it is published. */
  String ADDRESS = "gateways";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** A gateway is there. Published every second. */
  @Wire("gateway.present")
  record Present(String gateway) implements GatewayHint {}
}
