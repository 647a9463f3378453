package io.starling.testing.wire;

/** The protocol level that CONNECT announces. */
public enum MqttVersion {
  V3_1_1(4),
  V5(5);

  private final int level;

  MqttVersion(int level) {
    this.level = level;
  }

  /** The protocol level byte of CONNECT (MQTT 3.1.2.2). */
  public int level() {
    return level;
  }

  public boolean isFive() {
    return this == V5;
  }
}
