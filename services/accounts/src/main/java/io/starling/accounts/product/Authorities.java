package io.starling.accounts.product;

import io.starling.contract.AccountsReply;
import io.starling.contract.ProductsReply.AddAuthorityReply;
import io.starling.contract.ProductsReply.AuthorityAdded;
import io.starling.contract.ProductsReply.AuthorityRefused;
import io.starling.contract.ProductsRequest;
import io.starling.directory.Authority;
import io.starling.directory.Entry;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;

/**
 * The authorities of products. Whoever adds one shows that he has its key: its certificate is
 * public, and who could add another's would get the devices that it registers.
 */
public final class Authorities {
  private static final int MAX_OF_A_PRODUCT = 10;

  private final ConfigurationWriter writer;
  private final InstantSource clock;
  private final AuthorityStore store = new AuthorityStore();

  /** Authorities written by this writer. */
  public Authorities(ConfigurationWriter writer, InstantSource clock) {
    this.writer = writer;
    this.clock = clock;
  }

  private enum Added {
    YES,
    NOT_FOUND,
    TOO_MANY
  }

  /** Adds one. */
  public Future<AddAuthorityReply> add(ProductsRequest.AddAuthority request) {
    Authority authority;
    try {
      authority =
          about(
              "certificate",
              () -> Authority.of(Authority.read(request.certificate()), clock.instant()));
      checkProof(authority, request);
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(new AuthorityRefused(String.valueOf(e.getMessage())));
    }
    String fingerprint = authority.fingerprint();
    return writer
        .write(connection -> add(connection, request, authority, fingerprint))
        .map(
            written ->
                switch (written.value()) {
                  case YES -> new AuthorityAdded(fingerprint, written.position());
                  case NOT_FOUND -> new AccountsReply.NotFound();
                  case TOO_MANY ->
                      new AuthorityRefused(
                          "the product has " + MAX_OF_A_PRODUCT + " authorities already");
                });
  }

  private void checkProof(Authority authority, ProductsRequest.AddAuthority request) {
    var proof = about("proof", () -> Authority.read(request.proof()));
    String name = Entry.ProductAuthority.proofName(request.product());
    if (!authority.isProvenBy(proof, name)) {
      throw new IllegalArgumentException(
          "proof must be signed by the authority, for the common name " + name);
    }
  }

  /** Reading, whose mistakes name the field. */
  private interface Reading<T> {
    T read();
  }

  private static <T> T about(String field, Reading<T> reading) {
    try {
      return reading.read();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + " " + e.getMessage(), e);
    }
  }

  private Future<Added> add(
      SqlConnection connection,
      ProductsRequest.AddAuthority request,
      Authority authority,
      String fingerprint) {
    return store
        .lock(connection, request.product(), request.account())
        .compose(
            found ->
                found
                    ? addLocked(connection, request.product(), authority, fingerprint)
                    : Future.succeededFuture(Added.NOT_FOUND));
  }

  private Future<Added> addLocked(
      SqlConnection connection, int product, Authority authority, String fingerprint) {
    return store
        .countOthers(connection, product, fingerprint)
        .compose(
            others ->
                others < MAX_OF_A_PRODUCT
                    ? store.insert(connection, product, fingerprint, authority.pem()).map(Added.YES)
                    : Future.succeededFuture(Added.TOO_MANY));
  }

  /** Takes one away. */
  public Future<AccountsReply.WriteReply> remove(ProductsRequest.RemoveAuthority request) {
    return writer
        .write(
            connection ->
                store.delete(
                    connection, request.product(), request.account(), request.fingerprint()))
        .map(
            written ->
                written.value()
                    ? new AccountsReply.Written(written.position())
                    : new AccountsReply.NotFound());
  }
}
