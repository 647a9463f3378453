package io.starling.connection.credential;

import io.starling.connection.mqtt.Refusal;
import io.starling.contract.DeviceId;
import org.jspecify.annotations.Nullable;

/** What a CONNECT is answered. */
public sealed interface Verdict {

  /**
   * Let in.
   *
   * @param assignedClientId the client id that the client is told, null if it brought its own
   */
  record Admitted(Client client, @Nullable String assignedClientId) implements Verdict {}

  /**
   * A device that nobody knows, with a certificate of a product that registers such.
   *
   * @param authority the fingerprint of what its certificate rests on
   */
  record Unregistered(DeviceId device, int product, String authority) implements Verdict {}

  /** Sent away. */
  record Refused(Refusal refusal) implements Verdict {}
}
