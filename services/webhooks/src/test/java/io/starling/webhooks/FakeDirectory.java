package io.starling.webhooks;

import io.starling.bootstrap.Node;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.Change;
import io.starling.contract.DirectoryReply;
import io.starling.contract.DirectoryRequest;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.contract.SigningKind;
import io.starling.directory.SigningSecret;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The directory log in memory, as its leader answers for it. Thread-safe. */
final class FakeDirectory {
  private final List<Change> changes = new ArrayList<>();

  /** Puts an integration, or replaces it. */
  synchronized IntegrationId put(
      AccountId account, IntegrationId id, boolean disabled, JsonObject configuration) {
    add(id, row(account, id, disabled, configuration).encode());
    return id;
  }

  private static JsonObject row(
      AccountId account, IntegrationId id, boolean disabled, JsonObject configuration) {
    return new JsonObject()
        .put("id", id.toString())
        .put("account", account.toString())
        .put("event", configuration.getString("event"))
        .put("url", configuration.getString("url"))
        .put("disabled", disabled)
        .put("configuration", configuration)
        .put("created_at", "2026-01-02T03:04:05.678901+00:00");
  }

  /** The same switched off since then, or on again since {@code resumedAt}. */
  synchronized void putPaused(
      AccountId account,
      IntegrationId id,
      JsonObject configuration,
      Instant pausedAt,
      @Nullable Instant resumedAt) {
    add(
        id,
        row(account, id, resumedAt == null, configuration)
            .put("paused_at", pausedAt.toString())
            .put("resumed_at", resumedAt == null ? null : resumedAt.toString())
            .encode());
  }

  /** Deletes an integration. */
  synchronized void delete(IntegrationId id) {
    add(id, null);
  }

  /** Gives an integration a key to sign by. */
  synchronized void putKey(IntegrationId integration, SigningKind kind, SigningSecret secret) {
    String id = IntegrationId.create().toString();
    var row =
        new JsonObject()
            .put("id", id)
            .put("integration", integration.toString())
            .put("kind", kind.text())
            .put("secret", secret.text())
            .put("created_at", "2026-01-02T03:04:05.678901+00:00");
    changes.add(new Change("signing_key", id, 1, changes.size() + 1, row.encode()));
  }

  private void add(IntegrationId id, @Nullable String row) {
    changes.add(new Change("integration", id.toString(), 1, changes.size() + 1, row));
  }

  /** Answers for one process. */
  Future<Bus.Registration> serve(Node node) {
    return node.bus()
        .serve(
            "directory",
            DirectoryRequest.class,
            request ->
                request instanceof DirectoryRequest.ReadChanges read
                    ? read(node, read)
                    : Future.failedFuture("not in this fake"));
  }

  private Future<DirectoryReply.Changes> read(Node node, DirectoryRequest.ReadChanges read) {
    var now = changesFrom(read.from());
    if (!now.changes().isEmpty() || read.waitMillis() == 0) {
      return Future.succeededFuture(now);
    }
    Promise<DirectoryReply.Changes> later = Promise.promise();
    node.vertx().setTimer(20, _ -> later.complete(changesFrom(read.from())));
    return later.future();
  }

  private synchronized DirectoryReply.Changes changesFrom(JournalPosition from) {
    int known = (int) from.index();
    return new DirectoryReply.Changes(
        List.copyOf(changes.subList(known, changes.size())),
        new JournalPosition(changes.size(), 0),
        true);
  }
}
