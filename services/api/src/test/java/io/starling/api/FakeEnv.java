package io.starling.api;

import io.starling.contract.AccountsReply;
import io.starling.contract.BusMessage;
import io.starling.contract.EnvReply;
import io.starling.contract.EnvRequest;
import io.starling.contract.EnvScope;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The part of the accounts service that has environment variables, without a database. */
final class FakeEnv {
  private static final String AT = "2026-01-01T00:00:00Z";
  private final FakeDirectory directory;
  private final Map<String, JsonObject> rows = new ConcurrentHashMap<>();

  /** Why changes are refused; null if they are not. */
  volatile EnvReply.EnvRefused.@Nullable Reason refusal;

  FakeEnv(FakeDirectory directory) {
    this.directory = directory;
  }

  BusMessage write(EnvRequest request) {
    return switch (request) {
      case EnvRequest.ChangeEnv change -> {
        if (refusal != null) {
          yield new EnvReply.EnvRefused(refusal);
        }
        var row = row(change.scope()).put("updated_by", change.by().toString());
        var own = new JsonObject(row.getString("own", "{}"));
        change.unset().forEach(own::remove);
        change.set().forEach(own::put);
        put(row.put("own", own.encode()));
        yield new EnvReply.EnvChanged(directory.end());
      }
      case EnvRequest.RollOutEnv rollOut -> {
        var row = row(rollOut.scope());
        put(
            row.put("snapshot", row.getString("own", "{}"))
                .put("on_connect", rollOut.onConnect())
                .put("version", row.getLong("version", 0L) + 1)
                .put("rollout_at", AT)
                .put("rollout_by", rollOut.by().toString()));
        yield new AccountsReply.Written(directory.end());
      }
    };
  }

  private JsonObject row(EnvScope scope) {
    return rows.computeIfAbsent(
            scope.key(),
            key ->
                new JsonObject()
                    .put("id", key)
                    .put("own", "{}")
                    .put("version", 0)
                    .put("on_connect", false)
                    .put("created_at", AT)
                    .put("created_by", scope.account().toString())
                    .put("updated_at", AT)
                    .put("updated_by", scope.account().toString()))
        .copy();
  }

  private void put(JsonObject row) {
    rows.put(row.getString("id"), row);
    directory.put("env", row.getString("id"), row);
  }

  /** Whether the rollout of a scope is for devices that connect. */
  boolean isOnConnect(EnvScope scope) {
    return row(scope).getBoolean("on_connect");
  }
}
