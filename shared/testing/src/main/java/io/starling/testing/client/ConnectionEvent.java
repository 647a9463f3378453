package io.starling.testing.client;

import java.time.Duration;

/** What happens to a device's connection, for those who watch. */
public sealed interface ConnectionEvent {

  /** CONNACK arrived. */
  record Connected(boolean sessionPresent) implements ConnectionEvent {}

  /**
   * The connection ended without this side having asked.
   *
   * @param reasonCode of the server's DISCONNECT, or 0 when there was none
   */
  record Lost(String cause, int reasonCode) implements ConnectionEvent {}

  /** The next attempt to connect comes after this time. */
  record RetryIn(Duration delay, String cause) implements ConnectionEvent {}

  /** The device will not connect again by itself. */
  record Ended(String cause) implements ConnectionEvent {}
}
