package io.starling.testing.history;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Records what a sink receives. Thread-safe; keeps the first hundred strangers only. */
public final class SinkLog {
  private static final int MOST_STRANGERS = 100;

  private final String name;
  private final boolean ordered;
  private final List<Observation> observations = new ArrayList<>();
  private final List<String> strangers = new ArrayList<>();
  private final Map<Integer, BitSet> seen = new HashMap<>();
  private final List<Consumer<Observation>> listeners = new CopyOnWriteArrayList<>();

  public SinkLog(String name, boolean ordered) {
    this.name = name;
    this.ordered = ordered;
  }

  public String name() {
    return name;
  }

  public void add(Observation observation) {
    synchronized (this) {
      observations.add(observation);
      seen.computeIfAbsent(observation.device(), _ -> new BitSet()).set(observation.number());
    }
    listeners.forEach(listener -> listener.accept(observation));
  }

  /** Something that is no event of this run. */
  public synchronized void addStranger(String what) {
    if (strangers.size() < MOST_STRANGERS) {
      strangers.add(what);
    }
  }

  public void listen(Consumer<Observation> listener) {
    listeners.add(listener);
  }

  public void unlisten(Consumer<Observation> listener) {
    listeners.remove(listener);
  }

  /** How many events it received, repeated ones included. */
  public synchronized int count() {
    return observations.size();
  }

  /** What came last. */
  public synchronized Observation last() {
    return observations.getLast();
  }

  /** How many acknowledged events it still lacks of those that are asked for. */
  public synchronized long missing(List<List<Publication>> publications, Demand demand) {
    return publications.stream()
        .flatMap(List::stream)
        .filter(event -> event.isAcked() && demand.includes(event))
        .filter(event -> !hasSeen(event))
        .count();
  }

  private boolean hasSeen(Publication event) {
    var ofDevice = seen.get(event.device());
    return ofDevice != null && ofDevice.get(event.number());
  }

  public synchronized SinkRecord record(Demand demand) {
    return new SinkRecord(name, demand, ordered, observations, strangers);
  }
}
