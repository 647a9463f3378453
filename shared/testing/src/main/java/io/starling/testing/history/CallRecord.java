package io.starling.testing.history;

/**
 * One function call by a caller, from its beginning to its end.
 *
 * @param call its number, unique in a run, which is also its argument
 * @param device that was called
 * @param node that was asked, counted from 0
 * @param madeNanos when it was made
 * @param endedNanos when the caller was told the outcome; of no meaning while it waits
 */
public record CallRecord(
    int call, int device, int node, long madeNanos, long endedNanos, Outcome outcome) {
  private static final Failed WAITING = new Failed("no answer yet");

  /** What the caller was told. */
  public sealed interface Outcome {}

  /** The device has answered this. */
  public record Returned(int value) implements Outcome {}

  /** An error, or no answer: the device may have been called or not. */
  public record Failed(String why) implements Outcome {}

  /** One that is made now. */
  public static CallRecord begun(int call, int device, int node) {
    long now = System.nanoTime();
    return new CallRecord(call, device, node, now, now, WAITING);
  }

  /** The same, ended now. */
  public CallRecord ended(Outcome with) {
    return new CallRecord(call, device, node, madeNanos, System.nanoTime(), with);
  }

  /** Whether the caller still waits. */
  public boolean isWaiting() {
    return outcome.equals(WAITING);
  }

  /** Whether the device answered. */
  public boolean isReturned() {
    return outcome instanceof Returned;
  }

  /** What a device returns for a call: another one for each call and device. */
  public static int answer(int call, int device) {
    return call * 1_009 + device;
  }
}
