package io.starling.contract;

import java.util.List;

/**
 * What the accounts service answers about devices. All of these are configuration writes: they need
 * the database and answer {@link AccountsReply.DatabaseDown} within a second without it. A reply
 * that tells a position has its change in the directory up to there. What is absent and what is
 * another account's are answered alike.
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
   *
   * @param labels whether each gets a claim secret, to be printed on it
   */
  @Wire("devices.create")
  record CreateDevices(AccountId account, int product, int count, boolean labels)
      implements DevicesRequest, Request<DevicesReply.CreateDevicesReply> {
    /** Without claim secrets. */
    public CreateDevices(AccountId account, int product, int count) {
      this(account, product, count, false);
    }
  }

  /**
   * Claim a device for an account: as its owner if nobody owns it; for a customer, if it is of his
   * product besides.
   */
  @Wire("devices.claim")
  record ClaimDevice(AccountId account, DeviceId device)
      implements DevicesRequest, Request<DevicesReply.ClaimReply> {}

  /**
   * Change a device.
   *
   * @param product the account's product that it is in; 0: the account owns the device itself
   */
  @Wire("devices.edit")
  record EditDevice(AccountId account, int product, DeviceId device, DeviceChange change)
      implements DevicesRequest, Request<DevicesReply.EditReply> {}

  /**
   * Put devices of a product of the account into groups, and take them out of others. At most
   * 1,000; those that are not in the product are passed over.
   *
   * @param add names, which must be there
   * @param remove names; those that are not there are passed over
   */
  @Wire("devices.regroup")
  record RegroupDevices(
      AccountId account, int product, List<DeviceId> devices, List<String> add, List<String> remove)
      implements DevicesRequest, Request<DevicesReply.EditReply> {}

  /** Give a device up; nobody owns it then. */
  @Wire("devices.release")
  record ReleaseDevice(AccountId account, DeviceId device)
      implements DevicesRequest, Request<AccountsReply.WriteReply> {}

  /**
   * Keep the public key of a device of the account, in place of the one before.
   *
   * @param algorithm {@code rsa} or {@code ecc}
   * @param publicKey in PEM form
   */
  @Wire("devices.key.store")
  record StorePublicKey(AccountId account, DeviceId device, String algorithm, String publicKey)
      implements DevicesRequest, Request<AccountsReply.WriteReply> {}

  /**
   * Claim a device by the secret that came with it, which is good once: if nobody owns it, or only
   * the owner of its product. A wrong secret, one that was never made and an unknown device are
   * answered alike.
   *
   * @param clientAddress where the client connects from, for the limit on guessing
   */
  @Wire("devices.claim-by-secret")
  record ClaimBySecret(AccountId account, DeviceId device, String secret, String clientAddress)
      implements DevicesRequest, Request<DevicesReply.ClaimReply> {
    @Override
    public String toString() {
      return "ClaimBySecret[" + account + ", " + device + "]";
    }
  }

  /** Make the claim secret of a device in a product of the account, in place of one before. */
  @Wire("devices.claim-secret.create")
  record CreateClaimSecret(AccountId account, int product, DeviceId device)
      implements DevicesRequest, Request<DevicesReply.ClaimSecretReply> {}

  /** Take a device in a product of the account from its customer. */
  @Wire("devices.free")
  record FreeDevice(AccountId account, int product, DeviceId device)
      implements DevicesRequest, Request<AccountsReply.WriteReply> {}

  /** Make a code for an account; the device that is given it becomes the account's. */
  @Wire("devices.claim-code.create")
  record CreateClaimCode(AccountId account)
      implements DevicesRequest, Request<DevicesReply.ClaimCodeReply> {}

  /**
   * A device, which its gateway knows to be that, shows a claim code. It changes hands if nobody
   * owns it, or only the owner of its product and no customer has it; the code is used up then.
   */
  @Wire("devices.claim-code.show")
  record ShowClaimCode(DeviceId device, String code)
      implements DevicesRequest, Request<DevicesReply.ClaimReply> {
    @Override
    public String toString() {
      return "ShowClaimCode[" + device + "]";
    }
  }
}
