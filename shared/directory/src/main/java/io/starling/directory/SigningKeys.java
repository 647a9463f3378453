package io.starling.directory;

import io.starling.contract.IntegrationId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Signing keys by integration. Changed by one caller at a time, read from any thread. */
public final class SigningKeys {
  private final Map<String, SigningKey> keys = new ConcurrentHashMap<>();
  private final Map<IntegrationId, List<SigningKey>> byIntegration = new ConcurrentHashMap<>();

  SigningKeys() {}

  /** Those of an integration, oldest first; also those whose time is over. */
  public List<SigningKey> of(IntegrationId integration) {
    return byIntegration.getOrDefault(integration, List.of());
  }

  void replace(String id, @Nullable SigningKey entry) {
    var before = entry == null ? keys.remove(id) : keys.put(id, entry);
    var integration =
        entry != null ? entry.integration() : before == null ? null : before.integration();
    if (integration == null) {
      return;
    }
    var all = new ArrayList<>(of(integration));
    all.removeIf(key -> key.id().equals(id));
    if (entry != null) {
      all.add(entry);
    }
    all.sort(Comparator.comparing(SigningKey::createdAt).thenComparing(SigningKey::id));
    if (all.isEmpty()) {
      byIntegration.remove(integration);
    } else {
      byIntegration.put(integration, List.copyOf(all));
    }
  }
}
