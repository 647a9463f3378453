package io.starling.testing.chaos;

import io.starling.testing.client.Target;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a run does.
 *
 * @param rate events a second over all devices
 * @param callRate calls a second
 * @param pace of the faults: see {@link FaultPlan}
 * @param allowance limits of recovery are multiplied by it: 1 for a machine with a core for each
 *     node
 * @param memoryBeyondHeap what a node may have besides its heap, in bytes
 * @param patience in the end: events that have not come and are followed by no other for so long
 *     are missing
 * @param targets where devices connect, instead of the nodes themselves; empty: to the nodes
 * @param warmUp load without faults before the first one
 */
public record ChaosOptions(
    long seed,
    Duration duration,
    int devices,
    double rate,
    double callRate,
    Set<FaultKind> faults,
    double pace,
    double allowance,
    long memoryBeyondHeap,
    Duration patience,
    List<Target> targets,
    Duration warmUp) {
  public ChaosOptions {
    faults = Set.copyOf(faults);
    targets = List.copyOf(targets);
  }

  /** A minute of everything that needs no rights, with 100 devices and 200 events a second. */
  public static ChaosOptions of(long seed) {
    return new ChaosOptions(
        seed,
        Duration.ofMinutes(1),
        100,
        200,
        4,
        EnumSet.complementOf(EnumSet.of(FaultKind.CUT)),
        1,
        1,
        600L << 20,
        Duration.ofSeconds(20),
        List.of(),
        Duration.ZERO);
  }

  /** For this long. */
  public ChaosOptions lasting(Duration other) {
    return new ChaosOptions(
        seed,
        other,
        devices,
        rate,
        callRate,
        faults,
        pace,
        allowance,
        memoryBeyondHeap,
        patience,
        targets,
        warmUp);
  }

  /** With so many devices and events a second. */
  public ChaosOptions withLoad(int otherDevices, double otherRate) {
    return new ChaosOptions(
        seed,
        duration,
        otherDevices,
        otherRate,
        callRate,
        faults,
        pace,
        allowance,
        memoryBeyondHeap,
        patience,
        targets,
        warmUp);
  }

  /** With these faults only. */
  public ChaosOptions withFaults(Set<FaultKind> others) {
    return new ChaosOptions(
        seed,
        duration,
        devices,
        rate,
        callRate,
        others,
        pace,
        allowance,
        memoryBeyondHeap,
        patience,
        targets,
        warmUp);
  }

  /** With shorter or longer faults, and more time to recover. */
  public ChaosOptions withPace(double otherPace, double otherAllowance) {
    return new ChaosOptions(
        seed,
        duration,
        devices,
        rate,
        callRate,
        faults,
        otherPace,
        otherAllowance,
        memoryBeyondHeap,
        patience,
        targets,
        warmUp);
  }

  /** With devices that connect there. */
  public ChaosOptions withTargets(List<Target> others) {
    return new ChaosOptions(
        seed,
        duration,
        devices,
        rate,
        callRate,
        faults,
        pace,
        allowance,
        memoryBeyondHeap,
        patience,
        others,
        warmUp);
  }

  /** With less patience in the end. */
  public ChaosOptions withPatience(Duration other) {
    return new ChaosOptions(
        seed,
        duration,
        devices,
        rate,
        callRate,
        faults,
        pace,
        allowance,
        memoryBeyondHeap,
        other,
        targets,
        warmUp);
  }

  /** With so much load before the first fault: a JVM that is seconds old still compiles. */
  public ChaosOptions withWarmUp(Duration other) {
    return new ChaosOptions(
        seed,
        duration,
        devices,
        rate,
        callRate,
        faults,
        pace,
        allowance,
        memoryBeyondHeap,
        patience,
        targets,
        other);
  }
}
