package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the accounts service answers about devices. All of these are configuration writes, as {@link
 * AccountsRequest} has it; what is absent and what is another account's are answered alike.
 */
public sealed interface DevicesRequest extends BusMessage, Addressed {
  /** Where it is served. */
  String ADDRESS = "accounts.devices";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Register a device that has shown a certificate of a product's authority, into quarantine. Done
   * as well if it is known already.
   *
   * @param authority the fingerprint
   */
  @Wire("devices.register")
  record RegisterDevice(DeviceId device, int product, String authority)
      implements DevicesRequest, Request<DevicesReply.RegisterDeviceReply> {}

  /**
   * Put devices into a product of the account: those in its quarantine are approved, those that the
   * account owns and that are in no product are added. At most 1,000.
   */
  @Wire("devices.add")
  record AddDevices(AccountId account, int product, List<DeviceId> devices)
      implements DevicesRequest, Request<DevicesReply.AddDevicesReply> {}

  /**
   * Take a device out of a product of the account; out of quarantine, it is forgotten.
   *
   * @param deny keep it in quarantine instead, refused for good; of no others
   */
  @Wire("devices.remove")
  record RemoveDevice(AccountId account, int product, DeviceId device, boolean deny)
      implements DevicesRequest, Request<AccountsReply.WriteReply> {}

  /**
   * Create devices in a product of the account, which owns them; their secrets are told once. At
   * most 1,000.
   */
  @Wire("devices.create")
  record CreateDevices(AccountId account, int product, int count)
      implements DevicesRequest, Request<DevicesReply.CreateDevicesReply> {}

  /** Claim a device for an account. */
  @Wire("devices.claim")
  record ClaimDevice(AccountId account, DeviceId device)
      implements DevicesRequest, Request<DevicesReply.ClaimReply> {}

  /** Change what its owner calls a device; null leaves a field as it is. */
  @Wire("devices.edit")
  record EditDevice(
      AccountId account, DeviceId device, @Nullable String name, @Nullable String notes)
      implements DevicesRequest, Request<AccountsReply.WriteReply> {}

  /** Give a device up; nobody owns it then. */
  @Wire("devices.release")
  record ReleaseDevice(AccountId account, DeviceId device)
      implements DevicesRequest, Request<AccountsReply.WriteReply> {}
}
