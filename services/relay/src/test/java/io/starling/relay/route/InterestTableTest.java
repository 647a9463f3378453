package io.starling.relay.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.Interest;
import io.starling.contract.JournalPosition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class InterestTableTest {
  private static final AccountId ANN = AccountId.create();
  private static final AccountId BEN = AccountId.create();

  private static final Map<Integer, JournalPosition> ROUTED =
      Map.of(0, new JournalPosition(7, 0), 1, new JournalPosition(9, 2));

  private final InterestTable table = new InterestTable();

  private static Interest filter(AccountId account, String text) {
    return new Interest(account, Interest.Kind.FILTER, text);
  }

  private static Interest prefix(AccountId account, String text) {
    return new Interest(account, Interest.Kind.PREFIX, text);
  }

  private Set<String> found(AccountId account, String name) {
    var found = new TreeSet<String>();
    table.match(account, name, found::add);
    return found;
  }

  @Test
  void findsHoldersByFilterAndByPrefixWithinTheAccountOnly() {
    table.set("gateway", 1, List.of(filter(ANN, "a/+")), 0, ROUTED);
    table.set("api", 1, List.of(prefix(ANN, "a"), prefix(BEN, "")), 0, ROUTED);

    assertThat(found(ANN, "a/b")).containsExactly("api", "gateway");
    assertThat(found(ANN, "abc")).containsExactly("api");
    assertThat(found(BEN, "abc")).containsExactly("api");
    assertThat(found(AccountId.create(), "abc")).isEmpty();
  }

  @Test
  void takesChangesOnlyInOrder() {
    assertThat(table.change("h", 2, List.of(prefix(ANN, "")), List.of(), 0, ROUTED)).isFalse();
    table.set("h", 1, List.of(), 0, ROUTED);
    assertThat(table.change("h", 3, List.of(prefix(ANN, "")), List.of(), 0, ROUTED)).isFalse();
    assertThat(table.change("h", 2, List.of(prefix(ANN, "")), List.of(), 0, ROUTED)).isTrue();
    assertThat(table.change("h", 2, List.of(), List.of(), 0, ROUTED)).isTrue();
    assertThat(table.change("h", 3, List.of(), List.of(), 0, ROUTED)).isFalse();
    assertThat(found(ANN, "x")).containsExactly("h");
    assertThat(table.change("h", 3, List.of(), List.of(prefix(ANN, "")), 0, ROUTED)).isTrue();
    assertThat(table.isEmpty()).isTrue();
  }

  @Test
  void anOlderWholeDoesNotReplaceANewerOne() {
    table.set("h", 5, List.of(prefix(ANN, "")), 0, ROUTED);
    table.set("h", 4, List.of(), 0, ROUTED);
    assertThat(found(ANN, "x")).containsExactly("h");
  }

  @Test
  void forgetsHoldersThatFellSilent() {
    table.set("old", 1, List.of(prefix(ANN, "")), 1_000, ROUTED);
    table.set("alive", 1, List.of(prefix(ANN, "")), 1_000, ROUTED);
    assertThat(table.change("alive", 1, List.of(), List.of(), 2_000, ROUTED)).isTrue();

    assertThat(table.forgetSilentSince(1_500)).containsExactly("old");
    assertThat(found(ANN, "x")).containsExactly("alive");
    assertThat(table.change("old", 1, List.of(), List.of(), 3_000, ROUTED)).isFalse();
  }

  @Test
  void whatWasRoutedBeforeAChangeIsNotSentAsIfItWereRoutedByIt() {
    var before = new JournalPosition(5, 0);
    table.set("h", 1, List.of(filter(ANN, "a")), 0, Map.of(0, before));
    // Something that does not match is routed, and not told yet.
    var after = new JournalPosition(6, 0);
    assertThat(table.change("h", 2, List.of(filter(ANN, "b")), List.of(), 0, Map.of(0, after)))
        .isTrue();
    assertThat(table.version("h")).isEqualTo(2);
    assertThat(table.version("h", 0)).isEqualTo(1);

    assertThat(table.sending("h", 0, new JournalPosition(7, 0))).isEqualTo(before);
    assertThat(table.version("h", 0)).isEqualTo(2);
    table.startAt(0, after);
    assertThat(table.change("h", 3, List.of(), List.of(filter(ANN, "b")), 0, Map.of(0, after)))
        .isTrue();
    assertThat(table.version("h", 0)).as("everything was sent").isEqualTo(3);
  }

  @Test
  void eachMessageBeginsWhereTheLastOneEnded() {
    table.set("h", 1, List.of(prefix(ANN, "")), 0, ROUTED);

    assertThat(table.sending("h", 0, at(12))).isEqualTo(at(7));
    assertThat(table.change("h", 2, List.of(prefix(BEN, "")), List.of(), 0, ROUTED)).isTrue();
    assertThat(table.sending("h", 0, at(20))).isEqualTo(at(12));
  }

  @Test
  void whoWantedNothingBeginsWhereTheShardIs() {
    table.set("h", 1, List.of(prefix(ANN, "")), 0, ROUTED);
    assertThat(table.change("h", 2, List.of(), List.of(prefix(ANN, "")), 0, ROUTED)).isTrue();
    var later = Map.of(0, at(30));

    assertThat(table.change("h", 3, List.of(prefix(ANN, "")), List.of(), 0, later)).isTrue();

    assertThat(table.sending("h", 0, at(31))).isEqualTo(at(30));
  }

  @Test
  void aNewLeaderBeginsForEverybodyWhereItBegins() {
    table.set("h", 1, List.of(prefix(ANN, "")), 0, ROUTED);

    table.startAt(0, at(5));

    assertThat(table.sending("h", 0, at(12))).isEqualTo(at(5));
  }

  @Test
  void tellsOnlyThoseHowFarItIsWhoDoNotKnow() {
    table.set("knows", 1, List.of(prefix(ANN, "")), 0, ROUTED);
    table.set("behind", 1, List.of(prefix(ANN, "")), 0, ROUTED);
    table.set("wants nothing", 1, List.of(), 0, ROUTED);
    var _ = table.sending("knows", 0, at(9));

    var told = new TreeSet<String>();
    table.behind(0, at(9), told::add);

    assertThat(told).containsExactly("behind");
  }

  private static JournalPosition at(long index) {
    return new JournalPosition(index, 0);
  }
}
