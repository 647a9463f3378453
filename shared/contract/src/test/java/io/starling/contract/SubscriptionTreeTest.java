package io.starling.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionTreeTest {

  @ParameterizedTest
  @CsvSource({
    "sport/tennis/player1/#, sport/tennis/player1, true",
    "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true",
    "sport/#, sport, true",
    "#, a/b, true",
    "#, $SYS/x, false",
    "+/x, $SYS/x, false",
    "$SYS/#, $SYS/x, true",
    "sport/+, sport, false",
    "sport/+, sport/, true",
    "+/+, /finance, true",
    "/+, /finance, true",
    "+, /finance, false",
    "a/+/c, a/b/c, true",
    "a/+/c, a/b/d, false",
    "a, a, true",
    "a, ab, false",
    "ab, a, false",
    "a/b, a, false"
  })
  void matchesAsTheSpecificationSays(String filter, String name, boolean expected) {
    var tree = new SubscriptionTree<String>();
    assertThat(tree.add(new TopicFilter(filter), "s")).isTrue();
    assertThat(new TopicFilter(filter).matches(name)).isEqualTo(expected);
    assertThat(found(tree, name)).isEqualTo(expected ? List.of("s") : List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a#", "#/a", "a/#/b", "a+", "+a", "a/b+/c", "a\0b"})
  void refusesWhatIsNoFilter(String text) {
    assertThat(TopicFilter.isValid(text)).isFalse();
  }

  @Test
  void countsHoldersOfTheSameFilter() {
    var tree = new SubscriptionTree<String>();
    var filter = new TopicFilter("a/+");
    assertThat(tree.add(filter, "x")).isTrue();
    assertThat(tree.add(filter, "x")).isFalse();
    assertThat(tree.remove(filter, "x")).isFalse();
    assertThat(found(tree, "a/b")).containsExactly("x");
    assertThat(tree.remove(filter, "x")).isTrue();
    assertThat(tree.remove(filter, "x")).isFalse();
    assertThat(tree.isEmpty()).isTrue();
  }

  @Test
  void agreesWithOneByOneMatching() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var tree = new SubscriptionTree<Integer>();
    var filters = new HashMap<Integer, TopicFilter>();
    for (int i = 0; i < 200; i++) {
      var filter = new TopicFilter(randomFilter(random));
      filters.put(i, filter);
      assertThat(tree.add(filter, i)).isTrue();
    }
    for (int i = 0; i < 500; i++) {
      String name = randomName(random);
      var expected =
          filters.entrySet().stream()
              .filter(e -> e.getValue().matches(name))
              .map(e -> e.getKey())
              .toList();
      assertThat(found(tree, name))
          .as("seed %d, name %s", seed, name)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static String randomFilter(Random random) {
    int levels = 1 + random.nextInt(3);
    var text = new StringBuilder();
    for (int i = 0; i < levels; i++) {
      text.append(i == 0 ? "" : "/")
          .append(List.of("a", "b", "", "+", "$x").get(random.nextInt(5)));
    }
    return random.nextInt(3) == 0
        ? text.append("/#").toString()
        : text.isEmpty() ? "a" : text.toString();
  }

  private static String randomName(Random random) {
    int levels = 1 + random.nextInt(4);
    var text = new StringBuilder();
    for (int i = 0; i < levels; i++) {
      text.append(i == 0 ? "" : "/").append(List.of("a", "b", "", "$x").get(random.nextInt(4)));
    }
    return text.isEmpty() ? "a" : text.toString();
  }

  private static <S> List<S> found(SubscriptionTree<S> tree, String name) {
    var found = new ArrayList<S>();
    tree.match(name, found::add);
    return found;
  }
}
