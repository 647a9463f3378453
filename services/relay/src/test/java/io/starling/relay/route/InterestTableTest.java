package io.starling.relay.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.Interest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class InterestTableTest {
  private static final AccountId ANN = AccountId.create();
  private static final AccountId BEN = AccountId.create();

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
    table.set("gateway", 1, List.of(filter(ANN, "a/+")), 0);
    table.set("api", 1, List.of(prefix(ANN, "a"), prefix(BEN, "")), 0);

    assertThat(found(ANN, "a/b")).containsExactly("api", "gateway");
    assertThat(found(ANN, "abc")).containsExactly("api");
    assertThat(found(BEN, "abc")).containsExactly("api");
    assertThat(found(AccountId.create(), "abc")).isEmpty();
  }

  @Test
  void takesChangesOnlyInOrder() {
    assertThat(table.change("h", 2, List.of(prefix(ANN, "")), List.of(), 0)).isFalse();
    table.set("h", 1, List.of(), 0);
    assertThat(table.change("h", 3, List.of(prefix(ANN, "")), List.of(), 0)).isFalse();
    assertThat(table.change("h", 2, List.of(prefix(ANN, "")), List.of(), 0)).isTrue();
    assertThat(table.change("h", 2, List.of(), List.of(), 0)).isTrue();
    assertThat(table.change("h", 3, List.of(), List.of(), 0)).isFalse();
    assertThat(found(ANN, "x")).containsExactly("h");
    assertThat(table.change("h", 3, List.of(), List.of(prefix(ANN, "")), 0)).isTrue();
    assertThat(table.isEmpty()).isTrue();
  }

  @Test
  void anOlderWholeDoesNotReplaceANewerOne() {
    table.set("h", 5, List.of(prefix(ANN, "")), 0);
    table.set("h", 4, List.of(), 0);
    assertThat(found(ANN, "x")).containsExactly("h");
  }

  @Test
  void forgetsHoldersThatFellSilent() {
    table.set("old", 1, List.of(prefix(ANN, "")), 1_000);
    table.set("alive", 1, List.of(prefix(ANN, "")), 1_000);
    assertThat(table.change("alive", 1, List.of(), List.of(), 2_000)).isTrue();

    assertThat(table.forgetSilentSince(1_500)).containsExactly("old");
    assertThat(found(ANN, "x")).containsExactly("alive");
    assertThat(table.change("old", 1, List.of(), List.of(), 3_000)).isFalse();
  }
}
