package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the accounts service answers about products. All of these are configuration writes: they
 * need the database and answer {@link AccountsReply.DatabaseDown} within a second without it. A
 * reply that tells a position has its change in the directory up to there. What is absent and what
 * is another account's are answered alike.
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

  /** Make a group for devices of a product of the account. At most 1,000 for a product. */
  @Wire("products.group.create")
  record CreateGroup(AccountId account, int product, String name, String description, String color)
      implements ProductsRequest, Request<ProductsReply.GroupReply> {}

  /**
   * Change a group; null leaves a field as it is.
   *
   * @param group its name until now
   */
  @Wire("products.group.edit")
  record EditGroup(
      AccountId account,
      int product,
      String group,
      @Nullable String name,
      @Nullable String description,
      @Nullable String color)
      implements ProductsRequest, Request<ProductsReply.GroupReply> {}

  /** Delete a group; its devices lose it. */
  @Wire("products.group.delete")
  record DeleteGroup(AccountId account, int product, String group)
      implements ProductsRequest, Request<AccountsReply.WriteReply> {}

  /**
   * Change a product; null leaves a field as it is.
   *
   * @param quarantine whether unknown devices with a certificate of the product are registered
   * @param settings what else is set about it, a JSON object whose fields replace those of the same
   *     name
   */
  @Wire("products.edit")
  record EditProduct(
      AccountId account,
      int product,
      @Nullable String name,
      @Nullable String description,
      @Nullable Boolean quarantine,
      @Nullable String settings)
      implements ProductsRequest, Request<AccountsReply.WriteReply> {
    /** Says whether unknown devices are registered. */
    public static EditProduct quarantine(AccountId account, int product, boolean on) {
      return new EditProduct(account, product, null, null, on, null);
    }
  }

  /**
   * Give a product of an account to another one, with what belongs to it; its devices live in the
   * topic space of that one then, and those that are connected are disconnected.
   *
   * @param to a person, or an organization
   */
  @Wire("products.move")
  record MoveProduct(AccountId account, int product, AccountId to)
      implements ProductsRequest, Request<AccountsReply.WriteReply> {}

  /** Delete a product that has no devices. */
  @Wire("products.delete")
  record DeleteProduct(AccountId account, int product)
      implements ProductsRequest, Request<ProductsReply.DeleteReply> {}
}
