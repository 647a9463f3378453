package io.starling.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every normative statement of MQTT 5 and of MQTT 3.1.1 has its line in {@code
 * mqtt-5.0-statements.txt} and {@code mqtt-3.1.1-statements.txt}: the test that shows it, or why it
 * does not apply.
 */
class StatementsTest {
  private static final String RELAY = "relay:";

  /** The sections with statements, and the first and last number of each (MQTT 5, appendix B). */
  private static final String NUMBERS =
      """
      1.5.4 1-3, 1.5.5 1-1, 1.5.7 1-1, 2.1.3 1-1, 2.2.1 2-6, 2.2.2 1-1, 3.1.0 1-2, 3.1.2 1-30, \
      3.1.3 1-12, 3.1.4 1-6, 3.2.0 1-2, 3.2.2 1-22, 3.3.1 1-13, 3.3.2 1-20, 3.3.4 1-10, \
      3.4.2 1-3, 3.5.2 1-3, 3.6.1 1-1, 3.6.2 1-3, 3.7.2 1-3, 3.8.1 1-1, 3.8.3 1-5, 3.8.4 1-8, \
      3.9.2 1-2, 3.9.3 1-2, 3.10.1 1-1, 3.10.3 1-2, 3.10.4 1-6, 3.11.2 1-2, 3.11.3 1-2, \
      3.12.4 1-1, 3.14.0 1-1, 3.14.1 1-1, 3.14.2 1-4, 3.14.4 1-3, 3.15.1 1-1, 3.15.2 1-3, \
      4.1.0 1-2, 4.2 1-1, 4.3.1 1-1, 4.3.2 1-5, 4.3.3 1-13, 4.4.0 1-2, 4.5.0 1-2, 4.6.0 1-6, \
      4.7.0 1-1, 4.7.1 1-2, 4.7.2 1-1, 4.7.3 1-4, 4.8.2 1-6, 4.9.0 1-3, 4.12.0 1-7, 4.12.1 1-2, \
      4.13.1 1-1, 4.13.2 1-1, 6.0.0 1-4""";

  /** The same of MQTT 3.1.1, appendix B. */
  private static final String NUMBERS_3 =
      """
      1.5.3 1-3, 2.2.2 1-2, 2.3.1 1-7, 3.1.0 1-2, 3.1.2 1-24, 3.1.3 1-11, 3.1.4 1-5, 3.2.0 1-1, \
      3.2.2 1-6, 3.3.1 1-12, 3.3.2 1-3, 3.3.4 1-1, 3.3.5 1-2, 3.6.1 1-1, 3.8.1 1-1, 3.8.3 1-4, \
      3.8.4 1-6, 3.9.3 1-2, 3.10.1 1-1, 3.10.3 1-2, 3.10.4 1-6, 3.12.4 1-1, 3.14.1 1-1, \
      3.14.4 1-3, 4.1.0 1-2, 4.3.1 1-1, 4.3.2 1-2, 4.3.3 1-2, 4.4.0 1-1, 4.5.0 1-2, 4.6.0 1-6, \
      4.7.1 1-3, 4.7.2 1-1, 4.7.3 1-4, 4.8.0 1-2, 6.0.0 1-4, 7.0.0 1-2, 7.1.1 1-1, 7.1.2 1-1""";

  private static Map<String, String> table() throws IOException {
    return table("5.0");
  }

  private static Map<String, String> table(String version) throws IOException {
    String name = "/mqtt-" + version + "-statements.txt";
    try (var in = StatementsTest.class.getResourceAsStream(name)) {
      var lines =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).lines();
      var table = new LinkedHashMap<String, String>();
      lines
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" ", 2))
          .forEach(parts -> assertThat(table.put(parts[0], parts[1])).as(parts[0]).isNull());
      return table;
    }
  }

  private static List<String> numbers(String ranges) {
    return Arrays.stream(ranges.split(", "))
        .map(range -> range.split("[ -]"))
        .flatMap(
            part ->
                IntStream.rangeClosed(Integer.parseInt(part[1]), Integer.parseInt(part[2]))
                    .mapToObj(number -> part[0] + "-" + number))
        .toList();
  }

  private static boolean isTest(String name) {
    String[] parts = name.split("#", 2);
    return parts[0].startsWith(RELAY)
        ? isTestOfRelay(parts[0].substring(RELAY.length()), parts[1])
        : isTestOfOurs(parts);
  }

  /** A service never depends on another one, so its tests are there as text only. */
  private static boolean isTestOfRelay(String tests, String method) {
    var file =
        Path.of("../relay/src/test/java/io/starling/relay", tests.replace('.', '/') + ".java");
    try {
      return Files.readString(file).contains("@Test\n  void " + method + "(");
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isTestOfOurs(String... parts) {
    try {
      var tests = Class.forName("io.starling.connection." + parts[0], false, loader());
      return Arrays.stream(tests.getDeclaredMethods())
          .filter(method -> method.getName().equals(parts[1]))
          .anyMatch(
              method ->
                  Arrays.stream(method.getAnnotations())
                      .anyMatch(one -> one.annotationType().getSimpleName().endsWith("Test")));
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static ClassLoader loader() {
    return StatementsTest.class.getClassLoader();
  }

  private static long notShown(Map<String, String> table) {
    return table.values().stream().filter(says -> says.startsWith("? ")).count();
  }

  @Test
  void everyStatementHasItsLineAndNoOther() throws IOException {
    assertThat(numbers(NUMBERS)).hasSize(251);
    assertThat(table().keySet()).containsExactlyElementsOf(numbers(NUMBERS));
    assertThat(table("3.1.1").keySet()).containsExactlyElementsOf(numbers(NUMBERS_3));
  }

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    Stream.concat(table().values().stream(), table("3.1.1").values().stream())
        .filter(says -> !says.startsWith("- ") && !says.startsWith("? "))
        .distinct()
        .forEach(says -> assertThat(isTest(says)).as(says).isTrue());
  }

  @Test
  void nothingThatAppliesIsLeftToBeShown() throws IOException {
    assertThat(notShown(table())).isZero();
    assertThat(notShown(table("3.1.1"))).isZero();
  }
}
