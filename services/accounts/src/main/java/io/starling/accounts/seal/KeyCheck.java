package io.starling.accounts.seal;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the keys of this node are those of the database. */
public final class KeyCheck {
  private static final String PROOF = "proof";
  private static final byte[] TEXT = "Starling".getBytes(StandardCharsets.UTF_8);

  private final Seal seal;
  private final SealStore store = new SealStore();

  /** Of these keys. */
  public KeyCheck(Seal seal) {
    this.seal = seal;
  }

  /**
   * Looks, and leaves a proof of each key that is new; completes with what is wrong, if it is: then
   * nothing was left.
   */
  public Future<Optional<String>> check(SqlConnection connection) {
    return look(connection)
        .compose(
            wrong ->
                wrong.isPresent()
                    ? Future.succeededFuture(wrong)
                    : store
                        .proofs(connection)
                        .compose(known -> store.add(connection, missing(known)))
                        // Another node may have been faster with another key of the same name.
                        .compose(_ -> look(connection)));
  }

  private Future<Optional<String>> look(SqlConnection connection) {
    return store
        .proofs(connection)
        .compose(known -> store.inUse(connection).map(inUse -> wrong(known, inUse)));
  }

  private List<Seal.Sealed> missing(Map<String, Seal.Sealed> known) {
    return seal.keys().stream()
        .filter(key -> !known.containsKey(key.id()))
        .map(key -> seal.seal(key, PROOF, TEXT))
        .toList();
  }

  private Optional<String> wrong(Map<String, Seal.Sealed> known, List<String> inUse) {
    for (var key : seal.keys()) {
      var proof = known.get(key.id());
      if (proof != null && seal.open(PROOF, proof).isEmpty()) {
        return Optional.of(
            "the key "
                + key.id()
                + " is not the one of that name that seals the secrets in this database");
      }
    }
    return inUse.stream()
        .filter(id -> seal.keys().stream().noneMatch(key -> key.id().equals(id)))
        .findFirst()
        .map(id -> "secrets in this database are sealed with the key " + id + ", which is missing");
  }
}
