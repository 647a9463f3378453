package io.starling.connection.trace;

import io.starling.connection.wire.Malformed;
import io.starling.connection.wire.Packet;

/**
 * Where one gateway shows what passes. Whoever shows something asks {@link #isOn} before: it costs
 * the read of a field, the rest memory and time. Thread-safe.
 */
public final class Tap {
  private final Traces traces;
  private final String gateway;

  /** The tap of one gateway. */
  public Tap(Traces traces, String gateway) {
    this.traces = traces;
    this.gateway = gateway;
  }

  /** Tells whether there is a trace. */
  public boolean isOn() {
    return traces.isOn();
  }

  /** A packet came; a PUBLISH with its topic. */
  public void received(String client, Packet packet, int bytes) {
    traces.see(gateway, Sighting.of(true, client, packet, bytes));
  }

  /** A PUBLISH came with an alias for its topic. */
  public void received(String client, Packet.Publish publish, String topic, int bytes) {
    traces.see(
        gateway, Sighting.publish(true, client, topic, publish.qos(), publish.packetId(), bytes));
  }

  /** Something came that could not be taken. */
  public void malformed(String client, Malformed malformed) {
    traces.see(gateway, Sighting.event(true, client, "malformed", malformed.fault().reasonCode()));
  }

  /** The connection is gone, without DISCONNECT. */
  public void lost(String client) {
    traces.see(gateway, Sighting.event(true, client, "connection_lost", -1));
  }

  /** A packet goes out, any but PUBLISH. */
  public void sent(String client, Packet packet, int bytes) {
    traces.see(gateway, Sighting.of(false, client, packet, bytes));
  }

  /** A PUBLISH goes out. */
  public void published(String client, String topic, int qos, int packetId, int bytes) {
    traces.see(gateway, Sighting.publish(false, client, topic, qos, packetId, bytes));
  }

  /** This side closes the connection, and says nothing. */
  public void closed(String client) {
    traces.see(gateway, Sighting.event(false, client, "connection_closed", -1));
  }
}
