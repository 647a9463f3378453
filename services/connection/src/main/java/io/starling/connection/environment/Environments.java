package io.starling.connection.environment;

import io.starling.contract.AccountId;
import io.starling.contract.Change;
import io.starling.contract.DeviceId;
import io.starling.contract.EnvScope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.directory.EnvIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which devices at a gateway are told their environment variables. Belongs to one event loop. */
public final class Environments {
  private final Directory directory;

  /** By whose variables they are. */
  private final Map<AccountId, Set<DeviceEnvironment>> told = new HashMap<>();

  /** Those who could not be sent something. */
  private final Set<DeviceEnvironment> behind = new HashSet<>();

  /** Nobody is told anything yet. */
  public Environments(Directory directory) {
    this.directory = directory;
  }

  /** Tells those whom rows of the directory concern that have changed. */
  public void changed(List<Change> changes) {
    for (var change : changes) {
      if (change.kind().equals("env")) {
        EnvScope.ofKey(change.key()).filter(this::isForNow).ifPresent(this::tell);
      }
    }
  }

  private boolean isForNow(EnvScope scope) {
    return directory.environments().find(scope).filter(Entry.Env::onConnect).isEmpty();
  }

  private void tell(EnvScope scope) {
    // Some of them may end while they are told.
    for (var device : List.copyOf(told.getOrDefault(scope.account(), Set.of()))) {
      device.changed(scope);
    }
  }

  /** Tries again with those who took nothing. */
  public void sweep() {
    var again = new ArrayList<>(behind);
    behind.clear();
    again.forEach(DeviceEnvironment::tellNewer);
  }

  /** Whose variables a device has: those of its product's owner, or else of its own. */
  AccountId whose(DeviceId device, AccountId own) {
    return directory
        .device(device)
        .flatMap(found -> directory.product(found.product()))
        .map(Entry.Product::owner)
        .orElse(own);
  }

  /** What counts for a device now, the nearest last. */
  List<EnvScope> scopes(AccountId account, DeviceId device) {
    int product = directory.device(device).map(Entry.Device::product).orElse(0);
    return EnvIndex.of(account, product, device);
  }

  EnvIndex.Rendered rendered(List<EnvScope> scopes) {
    return directory.environments().rendered(scopes);
  }

  void add(AccountId account, DeviceEnvironment device) {
    told.computeIfAbsent(account, _ -> new HashSet<>()).add(device);
  }

  void isBehind(DeviceEnvironment device) {
    behind.add(device);
  }

  void isGone(AccountId account, DeviceEnvironment device) {
    behind.remove(device);
    var some = told.get(account);
    if (some != null) {
      some.remove(device);
      if (some.isEmpty()) {
        told.remove(account);
      }
    }
  }
}
