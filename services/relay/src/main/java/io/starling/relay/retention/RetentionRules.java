package io.starling.relay.retention;

import io.starling.directory.Directory;
import io.starling.directory.Entry;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * What is kept how long.
 *
 * @param defaultDays of products that have not chosen, and of what is in no product
 */
public record RetentionRules(int defaultDays) {
  /** The tree of those who have not chosen. */
  public static final int DEFAULT = 0;

  private static final int DAYS_AHEAD = 1;

  /** In which tree the events of a product stand from now on. */
  public static int treeOf(Directory directory, int product) {
    return directory.product(product).map(Entry.Product::eventRetentionDays).orElse(DEFAULT);
  }

  /** All that is over: a day is kept until its last event is so old. */
  List<Partition> over(Collection<Partition> present, LocalDate today) {
    return present.stream()
        .filter(each -> !each.day().plusDays(days(each.tree()) + 1L).isAfter(today))
        .toList();
  }

  private int days(int tree) {
    return tree == DEFAULT ? defaultDays : tree;
  }

  /** What will be needed and is not there: of each tree that was in use lately. */
  List<Partition> missing(Collection<Partition> present, LocalDate today) {
    var inUse = new TreeSet<Integer>(List.of(DEFAULT));
    present.stream()
        .filter(each -> !each.day().isBefore(today.minusDays(DAYS_AHEAD)))
        .forEach(each -> inUse.add(each.tree()));
    return inUse.stream()
        .flatMap(
            tree ->
                today
                    .datesUntil(today.plusDays(DAYS_AHEAD + 1L))
                    .map(day -> new Partition(tree, day)))
        .filter(each -> !present.contains(each))
        .toList();
  }

  /** How often to look. */
  static Duration pause() {
    return Duration.ofMinutes(1);
  }
}
