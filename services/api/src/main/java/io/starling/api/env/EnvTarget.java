package io.starling.api.env;

import io.starling.api.access.Access;
import io.starling.api.access.Named;
import io.starling.api.access.NotYours;
import io.starling.contract.DeviceId;
import io.starling.contract.EnvScope;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.directory.EnvIndex;
import io.starling.http.Exchange;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a path names that has variables.
 *
 * @param scopes what counts for it, itself last
 * @param device null if it is none
 */
record EnvTarget(List<EnvScope> scopes, Entry.@Nullable Device device) {

  /** Itself. */
  EnvScope scope() {
    return scopes.getLast();
  }

  /** Finds it, as far as the caller may do this there. */
  static Named<EnvTarget> of(Exchange exchange, Scope needed, Access access, Directory directory) {
    if (exchange.hasPath("product")) {
      return access.product(exchange).map(EnvTarget::of);
    }
    if (!exchange.hasPath("device")) {
      return access.keeper(exchange).map(of -> new EnvTarget(List.of(EnvScope.of(of)), null));
    }
    var caller = exchange.principal().account();
    String name = exchange.path("device");
    return directory
        .deviceOf(caller, name)
        .or(() -> DeviceId.isValid(name) ? directory.device(DeviceId.of(name)) : Optional.empty())
        .flatMap(device -> ofDevice(exchange, device, needed, access, directory))
        .<Named<EnvTarget>>map(Named.Yours::new)
        .orElseGet(() -> new Named.Absent<>(NotYours.device()));
  }

  private static EnvTarget of(Entry.Product product) {
    var owner = product.owner();
    return new EnvTarget(List.of(EnvScope.of(owner), EnvScope.of(owner, product.id())), null);
  }

  /** One in a product is its team's, any other its owner's. */
  private static Optional<EnvTarget> ofDevice(
      Exchange exchange, Entry.Device device, Scope needed, Access access, Directory directory) {
    var caller = exchange.principal().account();
    var product = directory.product(device.product());
    if (product.isPresent()) {
      var owner = product.get().owner();
      return access.mayStill(exchange.principal(), product.get().id(), needed)
          ? Optional.of(new EnvTarget(EnvIndex.of(owner, product.get().id(), device.id()), device))
          : Optional.empty();
    }
    return caller.equals(device.owner())
        ? Optional.of(new EnvTarget(EnvIndex.of(caller, 0, device.id()), device))
        : Optional.empty();
  }
}
