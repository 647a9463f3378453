package io.starling.journal;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Threads that append to the logs of a cluster, whoever leads, and note what is acknowledged. The
 * numbers of one writer grow.
 */
final class Writers implements AutoCloseable {
  private static final int PER_LOG = 4;
  private static final int AT_ONCE = 4;
  private static final int MOST_PADDING = 6_000;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Cluster cluster;
  private final AtomicLong numbers;
  private final Map<String, Set<Long>> acked = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running = true;

  /** What an event says. */
  record Written(int writer, long number) {
    static Written of(String payload) {
      String[] words = payload.split(" ", 3);
      return new Written(Integer.parseInt(words[0]), Long.parseLong(words[1]));
    }
  }

  /**
   * Writers to each log.
   *
   * @param numbers where they take theirs from
   */
  Writers(Cluster cluster, List<String> logs, AtomicLong numbers, long seed) {
    this.cluster = cluster;
    this.numbers = numbers;
    Random seeds = new Random(seed);
    for (String log : logs) {
      Set<Long> ackedOfLog = new ConcurrentSkipListSet<>();
      acked.put(log, ackedOfLog);
      for (int i = 0; i < PER_LOG; i++) {
        int writer = threads.size();
        long own = seeds.nextLong();
        threads.add(
            Thread.ofVirtual().unstarted(() -> write(log, ackedOfLog, writer, new Random(own))));
      }
    }
  }

  private void write(String log, Set<Long> ackedOfLog, int writer, Random random) {
    while (running) {
      JournalLog at = cluster.journal(cluster.leader(log)).log(log);
      List<Future<Position>> appends = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        long number = numbers.incrementAndGet();
        String padding = "x".repeat(random.nextInt(MOST_PADDING));
        appends.add(
            at.append(Buffer.buffer(writer + " " + number + " " + padding))
                .onSuccess(_ -> ackedOfLog.add(number)));
      }
      Opened.done(Future.join(appends).otherwiseEmpty());
      if (appends.stream().anyMatch(Future::failed)) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  int count() {
    return acked.values().stream().mapToInt(Set::size).sum();
  }

  /** What is acknowledged by now, by log. */
  Map<String, Set<Long>> acked() {
    return acked.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> Set.copyOf(entry.getValue())));
  }

  /** Waits for what is under way. */
  @Override
  public void close() {
    running = false;
    for (Thread thread : threads) {
      try {
        if (!thread.join(Opened.PATIENCE)) {
          throw new IllegalStateException("a writer hangs");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
