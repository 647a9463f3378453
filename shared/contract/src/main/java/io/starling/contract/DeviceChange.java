package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be different about a device; null leaves a field as it is. Not a message of its own.
 *
 * @param name empty for none
 * @param notes empty for none
 * @param serialNumber unique in its product; empty for none
 * @param desiredFirmwareVersion what it is locked to, {@link #UNLOCK} for nothing
 * @param groups the names of all groups that it is in; they must be there
 */
public record DeviceChange(
    @Nullable String name,
    @Nullable String notes,
    @Nullable String serialNumber,
    @Nullable Boolean development,
    @Nullable Boolean firmwareUpdatesEnabled,
    @Nullable Boolean firmwareUpdatesForced,
    @Nullable Integer desiredFirmwareVersion,
    @Nullable List<String> groups) {
  /** No version is desired any more. */
  public static final int UNLOCK = -1;

  /** Another name. */
  public static DeviceChange named(String name) {
    return new DeviceChange(name, null, null, null, null, null, null, null);
  }
}
