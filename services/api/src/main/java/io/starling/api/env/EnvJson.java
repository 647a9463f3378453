package io.starling.api.env;

import io.starling.contract.AccountId;
import io.starling.contract.EnvScope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Timestamps;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Environment variables as their routes show them. */
final class EnvJson {
  private final Directory directory;

  EnvJson(Directory directory) {
    this.directory = directory;
  }

  /**
   * What is set for a scope.
   *
   * @param scopes what counts for it, itself last
   */
  JsonObject of(List<EnvScope> scopes) {
    var own = directory.environments().find(scopes.getLast());
    return new JsonObject()
        .put(
            "last_snapshot",
            own.filter(env -> env.rolloutAt() != null)
                .map(
                    env ->
                        variables(env.snapshot(), scopes, Entry.Env::snapshot)
                            .put("rollout_at", at(env.rolloutAt()))
                            .put("rollout_by", by(env.rolloutBy())))
                .orElse(null))
        .put(
            "latest",
            variables(own.map(Entry.Env::own).orElse(Map.of()), scopes, Entry.Env::own)
                .put("created_at", at(own.map(Entry.Env::createdAt).orElse(null)))
                .put("updated_at", at(own.map(Entry.Env::updatedAt).orElse(null)))
                .put("created_by", by(own.map(Entry.Env::createdBy).orElse(null)))
                .put("updated_by", by(own.map(Entry.Env::updatedBy).orElse(null))));
  }

  private JsonObject variables(
      Map<String, String> own, List<EnvScope> scopes, Function<Entry.Env, Map<String, String>> of) {
    var shown = new JsonObject();
    new TreeMap<>(own)
        .forEach((key, value) -> shown.put(key, new JsonObject().put("value", value)));
    var inherited = new JsonObject();
    for (var scope : scopes.subList(0, scopes.size() - 1)) {
      String from = scope.kind() == EnvScope.Kind.OWNER ? "Owner" : "Product";
      directory
          .environments()
          .find(scope)
          .ifPresent(
              env ->
                  of.apply(env)
                      .forEach(
                          (key, value) ->
                              inherited.put(
                                  key, new JsonObject().put("from", from).put("value", value))));
    }
    return new JsonObject().put("own", shown).put("inherited", inherited);
  }

  /** What devices of a scope are told, itself last. */
  JsonObject rendered(List<EnvScope> scopes) {
    var all =
        scopes.stream().flatMap(scope -> directory.environments().find(scope).stream()).toList();
    var last =
        all.stream()
            .filter(env -> env.rolloutAt() != null)
            .max(Comparator.comparingLong(Entry.Env::version));
    var updated = all.stream().map(Entry.Env::updatedAt).max(Comparator.naturalOrder());
    return new JsonObject()
        .put("env", object(directory.environments().rendered(scopes).variables()))
        .put("last_updated_at", at(updated.orElse(null)))
        .put("rollout_at", at(last.map(Entry.Env::rolloutAt).orElse(null)))
        .put("rollout_by", by(last.map(Entry.Env::rolloutBy).orElse(null)));
  }

  /** What a rollout of a scope would change, of what its devices are told. */
  JsonObject fromSnapshot(List<EnvScope> scopes) {
    return difference(directory.environments().rendered(scopes).variables(), next(scopes));
  }

  /** The same, of what a device works with. */
  JsonObject fromDevice(Map<String, String> now, List<EnvScope> scopes) {
    return difference(now, next(scopes));
  }

  private Map<String, String> next(List<EnvScope> scopes) {
    var next =
        new TreeMap<>(
            directory.environments().rendered(scopes.subList(0, scopes.size() - 1)).variables());
    directory.environments().find(scopes.getLast()).ifPresent(env -> next.putAll(env.own()));
    return next;
  }

  private static JsonObject difference(Map<String, String> before, Map<String, String> after) {
    var changes = new JsonArray();
    var unchanged = new JsonObject();
    var keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (String key : keys) {
      String was = before.get(key);
      String is = after.get(key);
      if (was != null && was.equals(is)) {
        unchanged.put(key, is);
      } else {
        changes.add(change(key, was, is));
      }
    }
    return new JsonObject().put("changes", changes).put("unchanged", unchanged);
  }

  private static JsonObject change(String key, @Nullable String was, @Nullable String is) {
    var change =
        new JsonObject()
            .put("op", was == null ? "Added" : is == null ? "Removed" : "Changed")
            .put("key", key);
    if (was != null) {
      change.put("before", was);
    }
    return is == null ? change : change.put("after", is);
  }

  static JsonObject object(Map<String, String> variables) {
    var object = new JsonObject();
    new TreeMap<>(variables).forEach(object::put);
    return object;
  }

  private static @Nullable String at(@Nullable Instant at) {
    return at == null ? null : Timestamps.of(at);
  }

  private @Nullable String by(@Nullable AccountId account) {
    return Optional.ofNullable(account)
        .flatMap(directory::account)
        .map(Entry.Account::email)
        .orElse(null);
  }
}
