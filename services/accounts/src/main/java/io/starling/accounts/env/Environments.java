package io.starling.accounts.env;

import io.starling.contract.AccountsReply;
import io.starling.contract.EnvReply;
import io.starling.contract.EnvReply.EnvRefused.Reason;
import io.starling.contract.EnvRequest;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Environment variables, by scope. */
public final class Environments {
  /** All of it stands in the heap of every node, most of it twice. */
  private static final long MOST_SCOPES = 20_000;

  private static final long MOST_BYTES = 8L << 20;

  private final ConfigurationWriter writer;
  private final EnvStore store = new EnvStore();

  /** Variables written by this writer. */
  public Environments(ConfigurationWriter writer) {
    this.writer = writer;
  }

  /** Changes the draft of a scope. */
  public Future<EnvReply.ChangeReply> change(EnvRequest.ChangeEnv request) {
    return writer
        .write(
            connection ->
                store
                    .lock(connection, request.scope().account())
                    .compose(
                        there ->
                            there
                                ? change(connection, request)
                                // It was deleted a moment ago, with all that it had.
                                : Future.succeededFuture(Optional.<Reason>empty())))
        .map(
            written ->
                written
                    .value()
                    .<EnvReply.ChangeReply>map(EnvReply.EnvRefused::new)
                    .orElseGet(() -> new EnvReply.EnvChanged(written.position())));
  }

  private Future<Optional<Reason>> change(SqlConnection connection, EnvRequest.ChangeEnv request) {
    return store
        .find(connection, request.scope())
        .compose(
            found -> {
              var own = found.orElseGet(JsonObject::new);
              request.unset().forEach(own::remove);
              request.set().forEach(own::put);
              String text = own.encode();
              int bytes = text.getBytes(StandardCharsets.UTF_8).length;
              if (own.size() > EnvRequest.MOST) {
                return Future.succeededFuture(Optional.of(Reason.TOO_MANY));
              }
              if (bytes > EnvRequest.MAX_SCOPE_BYTES) {
                return Future.succeededFuture(Optional.of(Reason.TOO_LARGE));
              }
              return found.isEmpty() && own.isEmpty()
                  ? Future.succeededFuture(Optional.empty())
                  : put(connection, request, text, bytes);
            });
  }

  private Future<Optional<Reason>> put(
      SqlConnection connection, EnvRequest.ChangeEnv request, String own, int bytes) {
    return store
        .sizeOfOthers(connection, request.scope())
        .compose(
            others ->
                !request.set().isEmpty()
                        && (others.scopes() >= MOST_SCOPES || others.bytes() + bytes > MOST_BYTES)
                    ? Future.succeededFuture(Optional.of(Reason.NO_ROOM))
                    : store.put(connection, request, own).map(Optional.<Reason>empty()));
  }

  /** Lets the draft of a scope be what its devices are told. */
  public Future<AccountsReply.WriteReply> rollOut(EnvRequest.RollOutEnv request) {
    return writer
        .write(connection -> store.rollOut(connection, request))
        .map(written -> new AccountsReply.Written(written.position()));
  }
}
