package io.starling.connection.publish;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.EventClass;
import io.starling.contract.Origin;
import io.starling.contract.TopicFilter;
import io.starling.directory.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Whose events a session publishes.
 *
 * @param id the device, or for apps an id of the gateway
 * @param shard where the events go
 * @param product what the device belongs to, null if nothing known
 */
public record Author(
    DeviceId id,
    Origin origin,
    AccountId account,
    int shard,
    int productId,
    Entry.@Nullable Product product) {

  /** Tells whether it may publish events of this name; apps are not bound by a product. */
  public boolean mayPublish(String name) {
    return product == null || product.permissions().mayPublish(name, id);
  }

  /** Tells whether it may have all events that a filter can match. */
  public boolean maySubscribe(TopicFilter filter) {
    return product == null || product.permissions().maySubscribe(filter, id);
  }

  EventClass classOf(String name) {
    return product == null ? EventClass.NORMAL : product.classOf(name);
  }
}
