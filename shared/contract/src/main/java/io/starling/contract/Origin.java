package io.starling.contract;

/** Who made an event. */
public enum Origin {
  /** A device; the origin id of the event's id is the device. */
  DEVICE(0),
  /** An app, over REST or MQTT. */
  API(1),
  /** The cloud itself, such as the answer of a webhook; starts no webhooks. */
  CLOUD(2);

  private static final Origin[] BY_CODE = values();

  private final byte code;

  Origin(int code) {
    this.code = (byte) code;
  }

  /** The byte on the wire and on disk. */
  public byte code() {
    return code;
  }

  /**
   * The origin of a byte.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Origin of(byte code) {
    if (code < 0 || code >= BY_CODE.length) {
      throw new IllegalArgumentException("no origin " + code);
    }
    return BY_CODE[code];
  }
}
