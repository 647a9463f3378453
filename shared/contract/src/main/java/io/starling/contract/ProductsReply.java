package io.starling.contract;

/** What the accounts service answers about products, beside {@link AccountsReply.WriteReply}. */
public sealed interface ProductsReply extends BusMessage {

  /** The answer to {@link ProductsRequest.CreateProduct}. */
  sealed interface CreateProductReply extends ProductsReply
      permits ProductCreated, AccountsReply.DatabaseDown {}

  /** The product was made. */
  @Wire("products.created")
  record ProductCreated(int product, String slug, JournalPosition position)
      implements CreateProductReply {}

  /** The answer to {@link ProductsRequest.AddAuthority}. */
  sealed interface AddAuthorityReply extends ProductsReply
      permits AuthorityAdded,
          AuthorityRefused,
          AccountsReply.NotFound,
          AccountsReply.DatabaseDown {}

  /** Its certificates are taken; maybe they were before. */
  @Wire("products.authority-added")
  record AuthorityAdded(String fingerprint, JournalPosition position)
      implements AddAuthorityReply {}

  /**
   * Its certificates are not taken.
   *
   * @param why a text to show
   */
  @Wire("products.authority-refused")
  record AuthorityRefused(String why) implements AddAuthorityReply {}

  /** The answer to making and editing a group. */
  sealed interface GroupReply extends ProductsReply
      permits GroupSaved, GroupRefused, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /** It is as was asked. */
  @Wire("products.group-saved")
  record GroupSaved(String id, JournalPosition position) implements GroupReply {}

  /** It cannot be so. */
  @Wire("products.group-refused")
  record GroupRefused(Reason reason) implements GroupReply {
    /** Why. */
    public enum Reason {
      NAME_IN_USE,
      TOO_MANY
    }
  }

  /** The answer to {@link ProductsRequest.DeleteProduct}. */
  sealed interface DeleteReply extends ProductsReply
      permits Deleted, NotEmpty, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /** It is gone. */
  @Wire("products.deleted")
  record Deleted(JournalPosition position) implements DeleteReply {}

  /** It has devices. */
  @Wire("products.not-empty")
  record NotEmpty() implements DeleteReply {}
}
