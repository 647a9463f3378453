package io.starling.contract;

import java.util.List;

/** What the accounts service answers. */
public sealed interface AccountsReply extends BusMessage {

  /**
   * Configuration cannot be written for now. Nothing was changed, or it cannot be told whether it
   * was.
   */
  @Wire("accounts.database-down")
  record DatabaseDown(int retryAfterSeconds)
      implements WriteReply,
          CreateProductReply,
          CreateDevicesReply,
          AddAuthorityReply,
          RegisterDeviceReply,
          AddDevicesReply,
          ClaimReply {}

  /** The answer to a plain write. */
  sealed interface WriteReply extends AccountsReply {}

  /** Done; also where there was nothing to do. */
  @Wire("accounts.written")
  record Written(JournalPosition position) implements WriteReply {}

  /** There is no such thing, or it is not yours: not told which. */
  @Wire("accounts.not-found")
  record NotFound() implements WriteReply, CreateDevicesReply, AddAuthorityReply, AddDevicesReply {}

  /** The answer to {@link AccountsRequest.CreateProduct}. */
  sealed interface CreateProductReply extends AccountsReply {}

  /** The product was made. */
  @Wire("accounts.product-created")
  record ProductCreated(int product, String slug, JournalPosition position)
      implements CreateProductReply {}

  /** The answer to {@link AccountsRequest.CreateDevices}. */
  sealed interface CreateDevicesReply extends AccountsReply {}

  /** The devices were made. */
  @Wire("accounts.devices-created")
  record DevicesCreated(List<NewDevice> devices, JournalPosition position)
      implements CreateDevicesReply {}

  /** A device and its secret, told once. */
  record NewDevice(DeviceId id, String secret) {
    @Override
    public String toString() {
      return "NewDevice[" + id + "]";
    }
  }

  /** The answer to {@link AccountsRequest.AddAuthority}. */
  sealed interface AddAuthorityReply extends AccountsReply {}

  /** Its certificates are taken; maybe they were before. */
  @Wire("accounts.authority-added")
  record AuthorityAdded(String fingerprint, JournalPosition position)
      implements AddAuthorityReply {}

  /**
   * Its certificates are not taken.
   *
   * @param why a text to show
   */
  @Wire("accounts.authority-refused")
  record AuthorityRefused(String why) implements AddAuthorityReply {}

  /** The answer to {@link AccountsRequest.RegisterDevice}. */
  sealed interface RegisterDeviceReply extends AccountsReply {}

  /** It waits for approval, or was known before. */
  @Wire("accounts.device-registered")
  record DeviceRegistered(JournalPosition position) implements RegisterDeviceReply {}

  /** It is as unknown as before. */
  @Wire("accounts.registration-refused")
  record RegistrationRefused(Reason reason) implements RegisterDeviceReply {
    /** Why. */
    public enum Reason {
      NOT_WANTED,
      QUARANTINE_FULL
    }
  }

  /** The answer to {@link AccountsRequest.AddDevices}. */
  sealed interface AddDevicesReply extends AccountsReply {}

  /**
   * What became of each.
   *
   * @param added approved, or put into the product
   * @param existing those that were in it
   * @param strange those that are unknown, or another's, or in another product
   */
  @Wire("accounts.devices-added")
  record DevicesAdded(
      List<DeviceId> added,
      List<DeviceId> existing,
      List<DeviceId> strange,
      JournalPosition position)
      implements AddDevicesReply {}

  /** The answer to {@link AccountsRequest.ClaimDevice}. */
  sealed interface ClaimReply extends AccountsReply {}

  /** It is yours now, or was already. */
  @Wire("accounts.claimed")
  record Claimed(DeviceId device, JournalPosition position) implements ClaimReply {}

  /** It cannot be claimed. */
  @Wire("accounts.claim-refused")
  record ClaimRefused(Reason reason) implements ClaimReply {
    /** Why. */
    public enum Reason {
      UNKNOWN,
      BELONGS_TO_ANOTHER
    }
  }
}
