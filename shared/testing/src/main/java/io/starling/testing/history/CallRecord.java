package io.starling.testing.history;

/**
 * One function call by a caller, from its beginning to its end.
 *
 * @param call its number, unique in a run, which is also its argument
 * @param device that was called
 */
public record CallRecord(int call, int device, Outcome outcome) {

  /** What the caller was told. */
  public sealed interface Outcome {}

  /** The device has answered this. */
  public record Returned(int value) implements Outcome {}

  /** An error, or no answer: the device may have been called or not. */
  public record Failed(String why) implements Outcome {}

  /** What a device returns for a call: another one for each call and device. */
  public static int answer(int call, int device) {
    return call * 1_009 + device;
  }
}
