package io.starling.connection.mqtt;

/** The answer to one filter of a SUBSCRIBE (MQTT 5, section 3.9.3); failures are 0x80 in 3.1.1. */
public enum Granted {
  QOS_0(0x00),
  QOS_1(0x01),
  QOS_2(0x02),
  NOT_AUTHORIZED(0x87),
  FILTER_INVALID(0x8F),
  QUOTA_EXCEEDED(0x97);

  private static final int FAILURE = 0x80;

  private final int reasonCode;

  Granted(int reasonCode) {
    this.reasonCode = reasonCode;
  }

  /** That it is granted. */
  public static Granted of(int qos) {
    return qos == 0 ? QOS_0 : qos == 1 ? QOS_1 : QOS_2;
  }

  /** The code for a client of this version. */
  int code(boolean v5) {
    return v5 ? reasonCode : Math.min(reasonCode, FAILURE);
  }
}
