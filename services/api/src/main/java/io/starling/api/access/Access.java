package io.starling.api.access;

import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import java.util.Optional;

/**
 * Finds the product and the device that a path names ({@code :product} by number or slug, {@code
 * :device} by id or name), as far as they are the caller's: his own devices, and in a product of
 * his every device of it. Thread-safe.
 */
public final class Access {
  private final Directory directory;

  /** Over this directory. */
  public Access(Directory directory) {
    this.directory = directory;
  }

  /** The product of the path. */
  public Named<Entry.Product> product(Exchange exchange) {
    return directory
        .product(exchange.path("product"))
        .filter(product -> product.owner().equals(exchange.principal().account()))
        .<Named<Entry.Product>>map(Named.Yours::new)
        .orElseGet(() -> new Named.Absent<>(Errors.error(404, "Product not found.")));
  }

  /** The device of the path: of the caller's, or of the path's product where it names one. */
  public Named<Entry.Device> device(Exchange exchange) {
    String idOrName = exchange.path("device");
    if (!exchange.hasPath("product")) {
      return yours(directory.deviceOf(exchange.principal().account(), idOrName));
    }
    return switch (product(exchange)) {
      case Named.Yours<Entry.Product>(var product) ->
          yours(directory.deviceIn(product.id(), idOrName));
      case Named.Absent<Entry.Product>(var answer) -> new Named.Absent<>(answer);
    };
  }

  private static Named<Entry.Device> yours(Optional<Entry.Device> device) {
    return device
        .<Named<Entry.Device>>map(Named.Yours::new)
        .orElseGet(() -> new Named.Absent<>(NotYours.device()));
  }
}
