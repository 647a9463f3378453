package io.starling.api.events;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.Interest;
import io.starling.contract.Origin;
import io.starling.http.Principal;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a stream shows of an account's events.
 *
 * @param principal who reads it
 * @param account whose events they are
 * @param prefix case-sensitive start of the name, empty for all
 * @param device only of this one
 * @param product only of this product, and in its shape; 0 for a user's stream
 * @param shown whether the reader may see an event at all, at this moment
 */
record Subscription(
    Principal principal,
    AccountId account,
    String prefix,
    @Nullable DeviceId device,
    int product,
    Predicate<Event> shown) {

  boolean matches(Event event) {
    return event.name().startsWith(prefix)
        && (product == 0 || event.product() == product)
        && (device == null
            || (event.origin() == Origin.DEVICE && event.id().origin().equals(device)))
        && shown.test(event);
  }

  Interest interest() {
    return new Interest(account, Interest.Kind.PREFIX, prefix);
  }
}
