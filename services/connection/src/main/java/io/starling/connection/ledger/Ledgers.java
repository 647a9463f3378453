package io.starling.connection.ledger;

import io.starling.contract.AccountId;
import io.starling.contract.Change;
import io.starling.contract.DeviceId;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who at a gateway is told which instances of ledgers. Belongs to one event loop. */
public final class Ledgers {
  private final Directory directory;

  /** By the key of an instance. */
  private final Map<String, Set<DeviceLedgers>> told = new HashMap<>();

  /** Those who could not be sent something. */
  private final Set<DeviceLedgers> behind = new HashSet<>();

  /** Nobody is told anything yet. */
  public Ledgers(Directory directory) {
    this.directory = directory;
  }

  /** Tells those whom rows of the directory concern that have changed. */
  public void changed(List<Change> changes) {
    for (var change : changes) {
      if (change.kind().equals("ledger_instance")) {
        // Some of them may end while they are told.
        for (var device : List.copyOf(told.getOrDefault(change.key(), Set.of()))) {
          device.changed(change.key());
        }
      }
    }
  }

  /** Tries again with those who took nothing. */
  public void sweep() {
    var again = new ArrayList<>(behind);
    behind.clear();
    again.forEach(DeviceLedgers::sendOwed);
  }

  /** Finds a ledger that is in use. */
  Optional<Entry.Ledger> find(AccountId account, String name) {
    return directory.ledgers().find(account, name).filter(Entry.Ledger::isInUse);
  }

  /** Whose instance a device has of a ledger. */
  String scopeValue(Entry.Ledger ledger, DeviceId device) {
    return switch (ledger.scope()) {
      case OWNER -> ledger.account().toString();
      case DEVICE -> device.toString();
      case PRODUCT ->
          Integer.toString(directory.device(device).map(Entry.Device::product).orElse(0));
    };
  }

  /** An instance as it is now; empty if it never was. */
  Optional<Entry.LedgerInstance> instance(Entry.Ledger ledger, String scopeValue) {
    return directory.ledgers().instance(ledger, scopeValue);
  }

  void add(String key, DeviceLedgers device) {
    told.computeIfAbsent(key, _ -> new HashSet<>()).add(device);
  }

  void remove(String key, DeviceLedgers device) {
    var some = told.get(key);
    if (some != null) {
      some.remove(device);
      if (some.isEmpty()) {
        told.remove(key);
      }
    }
  }

  void isBehind(DeviceLedgers device) {
    behind.add(device);
  }

  void isGone(DeviceLedgers device) {
    behind.remove(device);
  }
}
