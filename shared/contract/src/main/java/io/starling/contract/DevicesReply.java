package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the accounts service answers about devices, beside {@link AccountsReply.WriteReply}. */
public sealed interface DevicesReply extends BusMessage {

  /** The answer to {@link DevicesRequest.CreateDevices}. */
  sealed interface CreateDevicesReply extends DevicesReply
      permits DevicesCreated, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /** The devices were made. */
  @Wire("devices.created")
  record DevicesCreated(List<NewDevice> devices, JournalPosition position)
      implements CreateDevicesReply {}

  /**
   * A device and its secrets, told once.
   *
   * @param claimSecret null if it was not wanted
   */
  record NewDevice(DeviceId id, String secret, @Nullable String claimSecret) {
    @Override
    public String toString() {
      return "NewDevice[" + id + "]";
    }
  }

  /** The answer to {@link DevicesRequest.RegisterDevice}. */
  sealed interface RegisterDeviceReply extends DevicesReply
      permits DeviceRegistered, RegistrationRefused, AccountsReply.DatabaseDown {}

  /** It waits for approval, or was known before. */
  @Wire("devices.registered")
  record DeviceRegistered(JournalPosition position) implements RegisterDeviceReply {}

  /** It is as unknown as before. */
  @Wire("devices.registration-refused")
  record RegistrationRefused(Reason reason) implements RegisterDeviceReply {
    /** Why. */
    public enum Reason {
      NOT_WANTED,
      QUARANTINE_FULL
    }
  }

  /** The answer to {@link DevicesRequest.AddDevices}. */
  sealed interface AddDevicesReply extends DevicesReply
      permits DevicesAdded, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /**
   * What became of each.
   *
   * @param added approved, or put into the product
   * @param existing those that were in it
   * @param strange those that are unknown, or another's, or in another product
   */
  @Wire("devices.added")
  record DevicesAdded(
      List<DeviceId> added,
      List<DeviceId> existing,
      List<DeviceId> strange,
      JournalPosition position)
      implements AddDevicesReply {}

  /** The answer to editing and grouping. */
  sealed interface EditReply extends DevicesReply
      permits Edited, EditRefused, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /** It is as was asked. */
  @Wire("devices.edited")
  record Edited(JournalPosition position) implements EditReply {}

  /** It cannot be so. */
  @Wire("devices.edit-refused")
  record EditRefused(Reason reason) implements EditReply {
    /** Why. */
    public enum Reason {
      GROUP_UNKNOWN,
      SERIAL_NUMBER_IN_USE
    }
  }

  /** The answer to {@link DevicesRequest.ClaimDevice}. */
  sealed interface ClaimReply extends DevicesReply
      permits Claimed, ClaimRefused, TooManyGuesses, AccountsReply.DatabaseDown {}

  /** It is yours now, or was already. */
  @Wire("devices.claimed")
  record Claimed(DeviceId device, JournalPosition position) implements ClaimReply {}

  /** It cannot be claimed. */
  @Wire("devices.claim-refused")
  record ClaimRefused(Reason reason) implements ClaimReply {
    /** Why. */
    public enum Reason {
      UNKNOWN,
      BELONGS_TO_ANOTHER,
      CODE_INVALID
    }
  }

  /** Too many wrong claim secrets of this account or from there. */
  @Wire("devices.too-many-guesses")
  record TooManyGuesses(int retryAfterSeconds) implements ClaimReply {}

  /** The answer to {@link DevicesRequest.CreateClaimSecret}. */
  sealed interface ClaimSecretReply extends DevicesReply
      permits ClaimSecretCreated, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /**
   * A secret for one device, good once.
   *
   * @param secret 40 hexadecimal digits, told once
   */
  @Wire("devices.claim-secret-created")
  record ClaimSecretCreated(String secret) implements ClaimSecretReply {
    @Override
    public String toString() {
      return "ClaimSecretCreated[]";
    }
  }

  /** The answer to {@link DevicesRequest.CreateClaimCode}. */
  sealed interface ClaimCodeReply extends DevicesReply
      permits ClaimCodeCreated, TooManyClaimCodes, AccountsReply.DatabaseDown {}

  /**
   * A code, good for one device and one day.
   *
   * @param code 63 characters of base64, told once
   */
  @Wire("devices.claim-code-created")
  record ClaimCodeCreated(String code) implements ClaimCodeReply {
    @Override
    public String toString() {
      return "ClaimCodeCreated[]";
    }
  }

  /** The account has too many that are not used. */
  @Wire("devices.too-many-claim-codes")
  record TooManyClaimCodes() implements ClaimCodeReply {}
}
