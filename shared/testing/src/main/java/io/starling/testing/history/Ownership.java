package io.starling.testing.history;

/**
 * A gateway held a device: events of this epoch came over this connection of the device.
 *
 * @param session the device's connection, counted by the device
 * @param gateway where that connection went
 */
public record Ownership(int device, long epoch, int session, String gateway) {}
