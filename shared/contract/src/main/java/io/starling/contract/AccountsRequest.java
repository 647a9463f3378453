package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the accounts service answers, at {@code accounts}. All of these are configuration writes:
 * they need the database and answer {@link AccountsReply.DatabaseDown} within a second without it.
 * A reply that tells a position has its change in the directory up to there.
 */
public sealed interface AccountsRequest extends BusMessage, Addressed {

  @Override
  default String address() {
    return "accounts";
  }

  /** Create a product. */
  @Wire("accounts.product.create")
  record CreateProduct(AccountId account, String name, String description, int platform)
      implements AccountsRequest, Request<AccountsReply.CreateProductReply> {}

  /**
   * Replace what the devices of a product of the account may publish and subscribe to; no rules
   * allow everything. At most {@link TopicPermission#MAX_RULES}.
   */
  @Wire("accounts.product.permit")
  record SetPermissions(AccountId account, int product, List<TopicPermission> permissions)
      implements AccountsRequest, Request<AccountsReply.WriteReply> {}

  /**
   * Take certificates of an authority from the devices of a product of the account. At most 10
   * authorities for a product.
   *
   * @param certificate of the authority, in PEM form
   * @param proof a certificate in PEM form that the authority has signed for a name that is told
   *     the product's owner: that he has its key
   */
  @Wire("accounts.authority.add")
  record AddAuthority(AccountId account, int product, String certificate, String proof)
      implements AccountsRequest, Request<AccountsReply.AddAuthorityReply> {}

  /** Take no certificates of an authority any more. */
  @Wire("accounts.authority.remove")
  record RemoveAuthority(AccountId account, int product, String fingerprint)
      implements AccountsRequest, Request<AccountsReply.WriteReply> {}

  /** Say whether unknown devices with a certificate of a product are registered. */
  @Wire("accounts.product.quarantine")
  record SetQuarantine(AccountId account, int product, boolean on)
      implements AccountsRequest, Request<AccountsReply.WriteReply> {}

  /**
   * Register a device that has shown a certificate of a product's authority, into quarantine. Done
   * as well if it is known already.
   *
   * @param authority the fingerprint
   */
  @Wire("accounts.device.register")
  record RegisterDevice(DeviceId device, int product, String authority)
      implements AccountsRequest, Request<AccountsReply.RegisterDeviceReply> {}

  /**
   * Put devices into a product of the account: those in its quarantine are approved, those that the
   * account owns and that are in no product are added. At most 1,000.
   */
  @Wire("accounts.device.add")
  record AddDevices(AccountId account, int product, List<DeviceId> devices)
      implements AccountsRequest, Request<AccountsReply.AddDevicesReply> {}

  /**
   * Take a device out of a product of the account; out of quarantine, it is forgotten.
   *
   * @param deny keep it in quarantine instead, refused for good; of no others
   */
  @Wire("accounts.device.remove")
  record RemoveDevice(AccountId account, int product, DeviceId device, boolean deny)
      implements AccountsRequest, Request<AccountsReply.WriteReply> {}

  /**
   * Create devices in a product of the account, which owns them; their secrets are told once. At
   * most 1,000.
   */
  @Wire("accounts.device.create")
  record CreateDevices(AccountId account, int product, int count)
      implements AccountsRequest, Request<AccountsReply.CreateDevicesReply> {}

  /** Claim a device for an account. */
  @Wire("accounts.device.claim")
  record ClaimDevice(AccountId account, DeviceId device)
      implements AccountsRequest, Request<AccountsReply.ClaimReply> {}

  /** Change what its owner calls a device; null leaves a field as it is. */
  @Wire("accounts.device.edit")
  record EditDevice(
      AccountId account, DeviceId device, @Nullable String name, @Nullable String notes)
      implements AccountsRequest, Request<AccountsReply.WriteReply> {}

  /** Give a device up; nobody owns it then. */
  @Wire("accounts.device.release")
  record ReleaseDevice(AccountId account, DeviceId device)
      implements AccountsRequest, Request<AccountsReply.WriteReply> {}

  /** There may be new changes in the change log: read it now. A hint. */
  @Wire("accounts.feed.wake")
  record WakeFeed() implements AccountsRequest {
    /** Where it is published. */
    public static final String ADDRESS = "accounts.feed";

    @Override
    public String address() {
      return ADDRESS;
    }
  }
}
