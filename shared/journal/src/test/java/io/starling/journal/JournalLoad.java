package io.starling.journal;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Measures, not run by the build: a closed loop of batches against one replica.
 *
 * <p>Arguments: folder, logs, batches in flight per log (0: idle), events per batch, bytes per
 * event, seconds.
 */
final class JournalLoad {
  private final LongAdder batches = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean running = new AtomicBoolean(true);

  private void loop(JournalLog log, byte[] batch) {
    if (!running.get()) {
      return;
    }
    long start = System.nanoTime();
    log.append(Buffer.buffer(batch))
        .onComplete(
            _ -> {
              batches.increment();
              latencies.add(System.nanoTime() - start);
              loop(log, batch);
            },
            failure -> {
              failures.increment();
              System.err.println(failure.getMessage());
            });
  }

  static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int logs = Integer.parseInt(args[1]);
    int inFlight = Integer.parseInt(args[2]);
    int events = Integer.parseInt(args[3]);
    int bytes = Integer.parseInt(args[4]);
    int seconds = Integer.parseInt(args[5]);
    Vertx vertx = Vertx.vertx();
    List<LogConfig> configs =
        IntStream.range(0, logs).mapToObj(i -> LogConfig.of("shard-" + i)).toList();
    long opening = System.nanoTime();
    Journal journal =
        Opened.get(
            Journal.open(
                vertx, JournalConfig.of(folder, configs).build(), new SimpleMeterRegistry()));
    System.out.printf("open: %d ms%n", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - opening));
    JournalLoad warm = new JournalLoad();
    warm.run(vertx, journal, logs, inFlight, events * bytes, Math.min(5, seconds));
    JournalLoad load = new JournalLoad();
    OperatingSystemMXBean os = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = os.getProcessCpuTime();
    long start = System.nanoTime();
    load.run(vertx, journal, logs, inFlight, events * bytes, seconds);
    double took = (System.nanoTime() - start) / 1e9;
    double used = (os.getProcessCpuTime() - cpu) / 1e9;
    long[] sorted = load.latencies.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        "logs %d, in flight %d, batch %d x %d B: %,.0f events/s, %,.0f batches/s, %.2f cores, p50 %.1f"
            + " ms, p99 %.1f ms, max %.1f ms, failures %d, retained %d, heap %d MB%n",
        logs,
        inFlight,
        events,
        bytes,
        load.batches.sum() * events / took,
        load.batches.sum() / took,
        used / took,
        millis(sorted, 50),
        millis(sorted, 99),
        millis(sorted, 100),
        load.failures.sum(),
        journal.log("shard-0").retained(),
        heapAfterGc());
    long closing = System.nanoTime();
    Opened.done(journal.close());
    System.out.printf("close: %d ms%n", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - closing));
    Opened.done(vertx.close());
    System.out.println("non-daemon threads left: " + Arrays.toString(leftovers()));
  }

  private static double millis(long[] sorted, int percent) {
    return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) * percent / 100] / 1e6;
  }

  private static long heapAfterGc() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
  }

  private static Object[] leftovers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.isDaemon() && !thread.getName().equals("main"))
        .toArray();
  }

  private void run(Vertx vertx, Journal journal, int logs, int inFlight, int bytes, int seconds)
      throws InterruptedException {
    byte[] batch = new byte[bytes];
    new java.util.Random(1).nextBytes(batch);
    for (int i = 0; i < logs; i++) {
      JournalLog log = journal.log("shard-" + i);
      Context context = vertx.getOrCreateContext();
      for (int n = 0; n < inFlight; n++) {
        context.runOnContext(_ -> loop(log, batch));
      }
    }
    TimeUnit.SECONDS.sleep(seconds);
    running.set(false);
  }
}
