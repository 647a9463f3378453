package io.starling.directory;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.EnvScope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Environment variables by scope. Thread-safe. */
public final class EnvIndex {
  private final Map<String, Entry.Env> scopes = new ConcurrentHashMap<>();

  EnvIndex() {}

  /** Finds what is set for a scope. */
  public Optional<Entry.Env> find(EnvScope scope) {
    return Optional.ofNullable(scopes.get(scope.key()));
  }

  /** What counts for a device, the nearest last; whether or not anything is set there. */
  public static List<EnvScope> of(AccountId account, int product, DeviceId device) {
    return Stream.of(
            EnvScope.of(account), EnvScope.of(account, product), EnvScope.of(account, device))
        .filter(scope -> scope.kind() != EnvScope.Kind.PRODUCT || product != 0)
        .toList();
  }

  /** What devices are told of scopes, the nearest of which is the last. */
  public Rendered rendered(List<EnvScope> from) {
    var variables = new TreeMap<String, String>();
    var version = new StringBuilder();
    for (var scope : from) {
      var found = find(scope);
      found.ifPresent(env -> variables.putAll(env.snapshot()));
      version.append(version.isEmpty() ? "" : ".").append(found.map(Entry.Env::version).orElse(0L));
    }
    return new Rendered(version.toString(), variables);
  }

  /**
   * Variables of several scopes together.
   *
   * @param version another one as soon as anything was rolled out
   */
  public record Rendered(String version, Map<String, String> variables) {}

  void replace(String key, Entry.@Nullable Env entry) {
    if (entry == null) {
      scopes.remove(key);
    } else {
      scopes.put(key, entry);
    }
  }
}
