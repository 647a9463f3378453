package io.starling.webhooks.match;

import io.starling.contract.DeviceId;
import java.util.List;

/** Which groups of a product a device is in, by name; none if it is of another product. */
@FunctionalInterface
interface Groups {
  List<String> of(DeviceId device, int product);
}
