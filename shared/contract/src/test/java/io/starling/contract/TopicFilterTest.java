package io.starling.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicFilterTest {
  /** More levels than any filter here has, and one that no filter names. */
  private static final List<String> NAMES = names(List.of("a", "b", "other", "", "$s"), 4);

  private static final List<TopicFilter> FILTERS = filters();

  /** The names that each filter matches. */
  private static final List<BitSet> MATCHED =
      FILTERS.stream().map(TopicFilterTest::matched).toList();

  private static BitSet matched(TopicFilter filter) {
    var matched = new BitSet();
    for (int i = 0; i < NAMES.size(); i++) {
      matched.set(i, filter.matches(NAMES.get(i)));
    }
    return matched;
  }

  private static List<String> names(List<String> levels, int depth) {
    var all = new ArrayList<String>(levels);
    var last = levels;
    for (int i = 1; i < depth; i++) {
      last = last.stream().flatMap(up -> levels.stream().map(level -> up + "/" + level)).toList();
      all.addAll(last);
    }
    return all.stream().filter(TopicFilter::isTopicName).toList();
  }

  private static List<TopicFilter> filters() {
    var levels = List.of("a", "b", "", "$s", "+", "#");
    var two =
        levels.stream().flatMap(up -> levels.stream().map(level -> up + "/" + level)).toList();
    var three = two.stream().flatMap(up -> levels.stream().map(level -> up + "/" + level)).toList();
    return Stream.of(levels, two, three)
        .flatMap(List::stream)
        .filter(TopicFilter::isValid)
        .map(TopicFilter::new)
        .toList();
  }

  @Test
  void coversWhatMatchesAllNamesThatAnotherDoes() {
    for (int i = 0; i < FILTERS.size(); i++) {
      for (int j = 0; j < FILTERS.size(); j++) {
        var left = (BitSet) MATCHED.get(j).clone();
        left.andNot(MATCHED.get(i));
        assertThat(FILTERS.get(i).covers(FILTERS.get(j)))
            .as("%s covers %s", FILTERS.get(i), FILTERS.get(j))
            .isEqualTo(left.isEmpty());
      }
    }
  }

  @Test
  void intersectsWhatHasANameInCommon() {
    for (int i = 0; i < FILTERS.size(); i++) {
      for (int j = 0; j < FILTERS.size(); j++) {
        assertThat(FILTERS.get(i).intersects(FILTERS.get(j)))
            .as("%s and %s", FILTERS.get(i), FILTERS.get(j))
            .isEqualTo(MATCHED.get(i).intersects(MATCHED.get(j)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a/#, a, true, true",
    "a/+, a/#, false, true",
    "a/#, a/+/c, true, true",
    "#, $s/x, false, false",
    "+/#, #, true, true",
    "secret/#, #, false, true",
    "a/b, a/+, false, true",
    "a/b, a/c, false, false",
    "+/x, y/+, false, true",
    "a/b/#, a, false, false",
  })
  void relates(String filter, String other, boolean covers, boolean intersects) {
    var mine = new TopicFilter(filter);
    assertThat(mine.covers(new TopicFilter(other))).isEqualTo(covers);
    assertThat(mine.intersects(new TopicFilter(other))).isEqualTo(intersects);
  }
}
