package io.starling.contract;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is counted of accounts, products and devices, beside their events. The code of each stands
 * in the database and never changes.
 */
public enum UsageKind {
  /** Calls of functions that the device answered. */
  FUNCTION_SUCCESS(1),
  /** Calls of functions that the device does not have, refused, or did not answer in time. */
  FUNCTION_FAILURE(2),
  /** Calls of functions of devices that were not connected. */
  FUNCTION_OFFLINE(3),
  /** Variables that were read. */
  VARIABLE_SUCCESS(4),
  /** Variables that the device does not have, refused, or did not answer in time. */
  VARIABLE_FAILURE(5),
  /** Variables of devices that were not connected. */
  VARIABLE_OFFLINE(6),
  /** Deliveries to integrations that were taken. */
  DELIVERY_SUCCESS(7),
  /** Deliveries that ended without being taken, after all attempts. */
  DELIVERY_FAILURE(8),
  /**
   * Deliveries that had to wait because their endpoint did not answer those before; each ends as a
   * success or a failure besides.
   */
  DELIVERY_SLEEP(9),
  /** Requests to integrations. */
  DELIVERY_ATTEMPT(10),
  /** Connections that began. */
  CONNECTION(11),
  /** Seconds that devices were connected for. */
  ONLINE_SECONDS(12),
  /**
   * Devices that were connected at some time in an hour. Never told: it follows from {@link
   * #ONLINE_SECONDS}.
   */
  ONLINE_DEVICES(13);

  private static final Map<Integer, UsageKind> BY_CODE = new HashMap<>();

  static {
    for (var kind : values()) {
      BY_CODE.put(kind.code, kind);
    }
  }

  private final int code;

  UsageKind(int code) {
    this.code = code;
  }

  /** As which it stands in the database. */
  public int code() {
    return code;
  }

  /** The kind of a code; none for one of a later version. */
  public static Optional<UsageKind> of(int code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }
}
