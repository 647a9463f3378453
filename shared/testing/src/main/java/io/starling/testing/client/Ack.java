package io.starling.testing.client;

/**
 * The server's answer to a publish.
 *
 * @param sequence the number of the publish in its device, from 0
 * @param reasonCode 0 for success; MQTT 5: at or above 0x80 the server refused the message
 */
public record Ack(long sequence, int reasonCode) {
  public boolean isAccepted() {
    return reasonCode < 0x80;
  }
}
