package io.starling.connection.mqtt;

/** How a QoS 1 PUBLISH is acknowledged (MQTT 5, section 3.4.2.1); 3.1.1 knows only success. */
public enum AckCode {
  SUCCESS(0x00),
  NOT_AUTHORIZED(0x87),
  QUOTA_EXCEEDED(0x97);

  private final int reasonCode;

  AckCode(int reasonCode) {
    this.reasonCode = reasonCode;
  }

  int reasonCode() {
    return reasonCode;
  }
}
