package io.starling.journal;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A process of its own that appends numbers to a log for ever and tells which were acknowledged.
 */
final class AppendingProcess implements AutoCloseable {
  private static final int IN_FLIGHT = 64;
  private static final int PADDING = 2000;

  private final Process process;
  private final BufferedReader answers;

  private AppendingProcess(Process process) {
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static AppendingProcess start(Path folder, long firstNumber, long minFreeBytes)
      throws IOException {
    return start(List.of(), folder, firstNumber, minFreeBytes);
  }

  /** Starts with a command before the command, such as one that makes a mount namespace. */
  static AppendingProcess start(
      List<String> prefix, Path folder, long firstNumber, long minFreeBytes) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            AppendingProcess.class.getName(),
            folder.toString(),
            Long.toString(firstNumber),
            Long.toString(minFreeBytes)));
    return new AppendingProcess(
        new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
  }

  /** The next line it prints; null after its end. */
  @Nullable String nextLine() throws IOException {
    return answers.readLine();
  }

  /** SIGKILL; what it had printed can still be read. */
  void kill() throws InterruptedException {
    if (!process.toHandle().destroyForcibly()) { // Process.destroyForcibly would close the pipe
      throw new IllegalStateException("cannot kill it");
    }
    int _ = process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  static String payload(long number) {
    return number + " " + "x".repeat(PADDING);
  }

  static long number(String payload) {
    return Long.parseLong(payload.substring(0, payload.indexOf(' ')));
  }

  static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx();
    Path folder = Path.of(args[0]);
    JournalConfig config =
        JournalConfig.of(folder, List.of(LogConfig.of("shard-0"), LogConfig.of("shard-1")))
            .disk(0, Long.parseLong(args[2]), 4 << 20)
            .segmentBytes(2 << 20)
            .maxBytesPerEntry(256 << 10)
            .onFatal(
                failure -> {
                  say("fatal " + failure);
                  Runtime.getRuntime().halt(3);
                })
            .build();
    Journal journal = Opened.get(Journal.open(vertx, config, new SimpleMeterRegistry()));
    JournalLog log = journal.log("shard-0");
    AtomicLong numbers = new AtomicLong(Long.parseLong(args[1]));
    if (args.length > 3) {
      Opened opened = new Opened(vertx, journal, new SimpleMeterRegistry());
      opened.read("shard-0", Position.START).forEach(payload -> say("stored " + number(payload)));
      opened.close();
      return;
    }
    say("open");
    AtomicInteger failed = new AtomicInteger();
    vertx.runOnContext(
        _ -> {
          for (int i = 0; i < IN_FLIGHT; i++) {
            append(log, numbers, failed);
          }
        });
  }

  private static void append(JournalLog log, AtomicLong numbers, AtomicInteger failed) {
    long number = numbers.getAndIncrement();
    log.append(Buffer.buffer(payload(number)))
        .onComplete(
            position -> {
              say("ack " + number);
              append(log, numbers, failed);
            },
            failure -> {
              say("fail " + number + " " + ((JournalException) failure).kind());
              // The guard was quicker than the disk: nothing will happen any more.
              if (failed.incrementAndGet() == IN_FLIGHT) {
                say("refused");
                Runtime.getRuntime().halt(3);
              }
            });
  }

  private static synchronized void say(String line) {
    System.out.write((line + "\n").getBytes(StandardCharsets.UTF_8), 0, line.length() + 1);
    System.out.flush();
  }
}
