package io.starling.connection.credential;

import io.starling.connection.mqtt.Refusal;
import org.jspecify.annotations.Nullable;

/** What a CONNECT is answered. */
public sealed interface Verdict {

  /**
   * Let in.
   *
   * @param assignedClientId the client id that the client is told, null if it brought its own
   */
  record Admitted(Client client, @Nullable String assignedClientId) implements Verdict {}

  /** Sent away. */
  record Refused(Refusal refusal) implements Verdict {}
}
