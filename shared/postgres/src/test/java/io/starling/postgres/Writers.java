package io.starling.postgres;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Processes that write configuration, and what each of them was told is written. */
final class Writers implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final List<Writer> writers = new ArrayList<>();

  /** Row {@code n} of a writer, as it stands in the table. */
  record Row(int writer, int n) {}

  private static final class Writer {
    private final Process process;
    private final Set<Row> acked = ConcurrentHashMap.newKeySet();
    private final List<Long> times = new ArrayList<>();
    private final Thread reader;

    Writer(Process process, int number) {
      this.process = process;
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      this.reader =
          Thread.ofVirtual()
              .start(
                  () ->
                      lines
                          .lines()
                          .filter(line -> line.startsWith(ConfigurationWriterProcess.ACKED))
                          .forEach(line -> note(number, line.split(" ", -1))));
    }

    private void note(int number, String[] words) {
      acked.add(new Row(number, Integer.parseInt(words[1])));
      synchronized (times) {
        times.add(Long.parseLong(words[2]));
      }
    }

    long firstAfter(long millis) {
      synchronized (times) {
        return times.stream().filter(time -> time > millis).findFirst().orElse(Long.MAX_VALUE);
      }
    }

    void end() {
      try {
        process.getOutputStream().close();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
        reader.join();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  Writers(int count, String uris) throws IOException {
    for (int number = 0; number < count; number++) {
      Process process =
          java(ConfigurationWriterProcess.class, uris, Integer.toString(number))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      writers.add(new Writer(process, number));
    }
  }

  /** A class of this class path in a small JVM. */
  static ProcessBuilder java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /**
   * Waits until each of them was told of this many more rows, and none has ended.
   *
   * @return when the last of them was told of its first one after that time
   */
  long awaitAllAfter(long millis, int more) {
    List<Integer> before = writers.stream().map(writer -> writer.acked.size()).toList();
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              for (int i = 0; i < writers.size(); i++) {
                Writer writer = writers.get(i);
                if (writer.firstAfter(millis) == Long.MAX_VALUE
                    || writer.acked.size() < before.get(i) + more) {
                  return false;
                }
              }
              return true;
            });
    return writers.stream().mapToLong(writer -> writer.firstAfter(millis)).max().orElseThrow();
  }

  boolean allAlive() {
    return writers.stream().allMatch(writer -> writer.process.isAlive());
  }

  List<Row> acked() {
    return writers.stream().flatMap(writer -> writer.acked.stream()).toList();
  }

  /** Ends them; what they were told until then is known afterwards. */
  @Override
  public void close() {
    writers.forEach(Writer::end);
  }
}
