package io.starling.contract;

/**
 * Which shard of a region a device belongs to; the same on every node for as long as the region
 * lives.
 */
public final class Shards {
  private Shards() {}

  /** The shard of a device's events, from 0 to {@code count - 1}. */
  public static int of(DeviceId device, int count) {
    return of(device.high(), device.low(), count);
  }

  /** The shard of the events that an account's apps publish. */
  public static int of(AccountId account, int count) {
    return of(account.high(), account.low(), count);
  }

  private static int of(long high, int low, int count) {
    // MurmurHash3's finalizer: ids made in the same second differ in few bits.
    long hash = high ^ (low * 0x9e3779b97f4a7c15L);
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return (int) Long.remainderUnsigned(hash ^ (hash >>> 33), count);
  }
}
