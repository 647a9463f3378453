package io.starling.testing.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * An endless list of faults made from a seed: every kind once in a random order, then again; each
 * kind goes round the nodes in a random order too, so that a run of some length has done everything
 * to everyone.
 */
final class FaultPlan {
  private static final long LEAST_CALM_MILLIS = 1_500;
  private static final int MORE_CALM_MILLIS = 2_500;

  private final RandomGenerator random;
  private final List<FaultKind> kinds;
  private final int nodes;
  private final double pace;
  private final List<FaultKind> deck = new ArrayList<>();
  private final Map<FaultKind, List<Integer>> turns = new EnumMap<>(FaultKind.class);

  /**
   * Plans.
   *
   * @param pace 1: faults last as long as they should; less: for a short test
   */
  FaultPlan(long seed, Set<FaultKind> kinds, int nodes, double pace) {
    // Unlike Random, this one tells seeds that are neighbours apart from the first number on.
    this.random = new SplittableRandom(seed);
    this.kinds = List.copyOf(new TreeSet<>(kinds));
    this.nodes = nodes;
    this.pace = pace;
  }

  Fault next() {
    if (deck.isEmpty()) {
      deck.addAll(kinds);
      Collections.shuffle(deck, random);
    }
    var kind = deck.removeLast();
    var node = node(turns.computeIfAbsent(kind, _ -> new ArrayList<>()));
    var hold = kind.hold().toMillis() * (1 + random.nextDouble()) * pace;
    var calm = LEAST_CALM_MILLIS + random.nextInt(MORE_CALM_MILLIS);
    return new Fault(kind, node, Duration.ofMillis(Math.round(hold)), Duration.ofMillis(calm));
  }

  private int node(List<Integer> turn) {
    if (turn.isEmpty()) {
      for (var node = 1; node <= nodes; node++) {
        turn.add(node);
      }
      Collections.shuffle(turn, random);
    }
    return turn.removeLast();
  }
}
