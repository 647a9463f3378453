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
}
