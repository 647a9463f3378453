package io.starling.contract;

/**
 * How much an event matters when not everything fits: what drains first, and what a full disk
 * refuses last.
 */
public enum EventClass {
  CRITICAL(0),
  NORMAL(1),
  BULK(2);

  private static final EventClass[] BY_CODE = values();

  private final byte code;

  EventClass(int code) {
    this.code = (byte) code;
  }

  /** The byte on the wire and on disk. */
  public byte code() {
    return code;
  }

  /**
   * The class of a byte.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static EventClass of(byte code) {
    if (code < 0 || code >= BY_CODE.length) {
      throw new IllegalArgumentException("no event class " + code);
    }
    return BY_CODE[code];
  }
}
