package io.starling.accounts.product;

import io.starling.contract.AccountsReply;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsRequest;
import io.starling.contract.TopicPermission;
import io.starling.directory.PermissionRules;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.Locale;

/** Products. */
public final class Products {
  /** Numbers that people can still read out, and that nobody takes for a platform's id. */
  private static final int FIRST_ID = 10_000;

  private static final int LAST_ID = 1_000_000_000;
  private static final int TRIES = 5;
  private static final int MAX_NAME = 64;

  private final ConfigurationWriter writer;
  private final SecureRandom random = new SecureRandom();
  private final ProductStore store = new ProductStore();

  /** Products written by this writer. */
  public Products(ConfigurationWriter writer) {
    this.writer = writer;
  }

  /** Makes a product. */
  public Future<ProductsReply.CreateProductReply> create(ProductsRequest.CreateProduct request) {
    return create(request, TRIES);
  }

  private Future<ProductsReply.CreateProductReply> create(
      ProductsRequest.CreateProduct request, int tries) {
    int id = random.nextInt(FIRST_ID, LAST_ID);
    String slug = slug(request.name()) + "-" + id;
    return writer
        .write(connection -> store.insert(connection, id, slug, request))
        .compose(
            written -> {
              if (written.value()) {
                return Future.succeededFuture(
                    new ProductsReply.ProductCreated(id, slug, written.position()));
              }
              return tries > 1
                  ? create(request, tries - 1)
                  : Future.failedFuture("no free product number found");
            });
  }

  /** Replaces what its devices may publish and subscribe to. */
  public Future<AccountsReply.WriteReply> setPermissions(ProductsRequest.SetPermissions request) {
    if (request.permissions().size() > TopicPermission.MAX_RULES) {
      return Future.failedFuture(
          new IllegalArgumentException("at most " + TopicPermission.MAX_RULES + " permissions"));
    }
    var permissions = PermissionRules.encode(request.permissions());
    return written(
        writer.write(
            connection ->
                store.setPermissions(
                    connection, request.product(), request.account(), permissions)));
  }

  /** Changes one. */
  public Future<AccountsReply.WriteReply> edit(ProductsRequest.EditProduct request) {
    return written(writer.write(connection -> store.edit(connection, request)));
  }

  private enum Deleted {
    YES,
    NOT_FOUND,
    NOT_EMPTY
  }

  /** Deletes one that has no devices. */
  public Future<ProductsReply.DeleteReply> delete(ProductsRequest.DeleteProduct request) {
    return writer
        .write(
            connection ->
                store
                    .lock(connection, request.product(), request.account())
                    .compose(
                        found ->
                            found
                                ? store
                                    .delete(connection, request.product())
                                    .map(gone -> gone ? Deleted.YES : Deleted.NOT_EMPTY)
                                : Future.succeededFuture(Deleted.NOT_FOUND)))
        .map(
            written ->
                switch (written.value()) {
                  case YES -> new ProductsReply.Deleted(written.position());
                  case NOT_FOUND -> new AccountsReply.NotFound();
                  case NOT_EMPTY -> new ProductsReply.NotEmpty();
                });
  }

  private static Future<AccountsReply.WriteReply> written(
      Future<ConfigurationWriter.Written<Boolean>> write) {
    return write.map(
        written ->
            written.value()
                ? new AccountsReply.Written(written.position())
                : new AccountsReply.NotFound());
  }

  static String slug(String name) {
    String slug =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    return slug.substring(0, Math.min(slug.length(), MAX_NAME));
  }
}
