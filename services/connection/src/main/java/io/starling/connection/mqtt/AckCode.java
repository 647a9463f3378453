package io.starling.connection.mqtt;

/**
 * How a PUBLISH is acknowledged: by PUBACK (MQTT 5, section 3.4.2.1), or by PUBREC at QoS 2
 * (section 3.5.2.1); 3.1.1 knows only success.
 */
public enum AckCode {
  SUCCESS(0x00),
  NOT_AUTHORIZED(0x87),
  QUOTA_EXCEEDED(0x97),
  PAYLOAD_FORMAT_INVALID(0x99);

  private final int reasonCode;

  AckCode(int reasonCode) {
    this.reasonCode = reasonCode;
  }

  int reasonCode() {
    return reasonCode;
  }
}
