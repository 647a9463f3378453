package io.starling.contract;

import java.util.List;

/**
 * What the accounts service answers about products. All of these are configuration writes, as
 * {@link AccountsRequest} has it; what is absent and what is another account's are answered alike.
 */
public sealed interface ProductsRequest extends BusMessage, Addressed {
  /** Where it is served. */
  String ADDRESS = "accounts.products";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Create a product. */
  @Wire("products.create")
  record CreateProduct(AccountId account, String name, String description, int platform)
      implements ProductsRequest, Request<ProductsReply.CreateProductReply> {}

  /**
   * Replace what the devices of a product of the account may publish and subscribe to; no rules
   * allow everything. At most {@link TopicPermission#MAX_RULES}.
   */
  @Wire("products.permit")
  record SetPermissions(AccountId account, int product, List<TopicPermission> permissions)
      implements ProductsRequest, Request<AccountsReply.WriteReply> {}

  /**
   * Take certificates of an authority from the devices of a product of the account. At most 10
   * authorities for a product.
   *
   * @param certificate of the authority, in PEM form
   * @param proof a certificate in PEM form that the authority has signed for a name that is told
   *     the product's owner: that he has its key
   */
  @Wire("products.authority.add")
  record AddAuthority(AccountId account, int product, String certificate, String proof)
      implements ProductsRequest, Request<ProductsReply.AddAuthorityReply> {}

  /** Take no certificates of an authority any more. */
  @Wire("products.authority.remove")
  record RemoveAuthority(AccountId account, int product, String fingerprint)
      implements ProductsRequest, Request<AccountsReply.WriteReply> {}

  /** Say whether unknown devices with a certificate of a product are registered. */
  @Wire("products.quarantine")
  record SetQuarantine(AccountId account, int product, boolean on)
      implements ProductsRequest, Request<AccountsReply.WriteReply> {}
}
