package io.starling.connection.session;

import io.starling.connection.credential.Client;
import io.starling.connection.publish.Author;
import io.starling.contract.Origin;
import io.starling.contract.Shards;
import io.starling.directory.Entry;

/** Whose events a client publishes, as the directory says now. */
final class Authors {
  private Authors() {}

  static Author of(Client client, Gateway gateway) {
    return switch (client) {
      case Client.OfDevice device -> {
        int product =
            gateway
                .directory()
                .device(device.id())
                .map(Entry.Device::product)
                .orElse(device.product());
        yield new Author(
            device.id(),
            Origin.DEVICE,
            device.account(),
            Shards.of(device.id(), gateway.shards()),
            product,
            gateway.directory().product(product).orElse(null));
      }
      case Client.OfApp app ->
          new Author(
              gateway.id(),
              Origin.API,
              app.account(),
              Shards.of(app.account(), gateway.shards()),
              0,
              null);
    };
  }
}
