package io.starling.journal;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A journal of a test, with the blocking calls that tests want. */
record Opened(Vertx vertx, Journal journal, MeterRegistry meters) implements AutoCloseable {
  private static final int MIB = 1024 * 1024;

  /** Builders may be slow: this is to fail a test at all, not to measure. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Small everything: tests fill files and disks. */
  static JournalConfig.Builder config(Path folder, String... logs) {
    return JournalConfig.of(folder, List.of(logs).stream().map(LogConfig::of).toList())
        .disk(0, MIB, MIB)
        .maxBytesPerEntry(MIB)
        .segmentBytes(2 * MIB);
  }

  static Opened open(JournalConfig config) {
    return open(config, InstantSource.system());
  }

  static Opened open(JournalConfig config, InstantSource clock) {
    Vertx vertx = Vertx.vertx();
    MeterRegistry meters = new SimpleMeterRegistry();
    try {
      return new Opened(vertx, get(Journal.open(vertx, config, meters, clock)), meters);
    } catch (RuntimeException e) {
      done(vertx.close());
      throw e;
    }
  }

  static Opened open(Path folder, String... logs) {
    return open(config(folder, logs).build());
  }

  static <T> T get(Future<T> future) {
    return get(future, PATIENCE);
  }

  static <T> T get(Future<T> future, Duration atMost) {
    try {
      return future.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("no answer after " + atMost, e);
    }
  }

  /** Waits for something whose value does not matter. */
  static void done(Future<?> future) {
    Object _ = get(future);
  }

  JournalLog log(String name) {
    return journal.log(name);
  }

  Position append(String log, String payload) {
    return get(log(log).append(Buffer.buffer(payload)));
  }

  /** Everything from a position on, in order. */
  List<String> read(String log, Position from) {
    List<String> payloads = new ArrayList<>();
    Position next = from;
    Position end = log(log).committedEnd();
    while (next.compareTo(end) < 0) {
      ReadResult result = get(log(log).read(next, MIB));
      result.records().forEach(record -> payloads.add(record.payload().toString()));
      next = result.next();
    }
    return payloads;
  }

  @Override
  public void close() {
    try {
      done(journal.close(PATIENCE));
    } finally {
      done(vertx.close());
    }
  }
}
