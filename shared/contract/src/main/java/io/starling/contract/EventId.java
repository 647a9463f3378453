package io.starling.contract;

/**
 * An event's identity, made where the event entered. The same id twice is the same event, so
 * sending again is harmless everywhere downstream.
 *
 * @param origin the device, or for events of apps and of the cloud an id of the process that took
 *     them in
 * @param epoch the session's epoch (a hybrid logical clock value)
 * @param sequence counts within that session, from 1
 */
public record EventId(DeviceId origin, long epoch, long sequence) {
  @Override
  public String toString() {
    return origin + "-" + Long.toHexString(epoch) + "-" + Long.toHexString(sequence);
  }
}
