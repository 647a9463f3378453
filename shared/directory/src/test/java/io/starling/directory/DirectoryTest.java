package io.starling.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.Change;
import io.starling.contract.JournalPosition;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirectoryTest {
  private static final AccountId ID = AccountId.of("aaaaaaaaaaaaaaaaaaaaaaaa");

  private final Directory directory = new Directory(InstantSource.system());
  private final List<Change> told = new ArrayList<>();

  private static Change change(long sequence, boolean there) {
    var row =
        new JsonObject()
            .put("id", ID.toString())
            .put("email", "a@example.com")
            .put("created_at", Instant.EPOCH.toString());
    return new Change("account", ID.toString(), 1, sequence, there ? row.encode() : null);
  }

  private void apply(Change... changes) {
    directory.apply(List.of(changes), new JournalPosition(1, 0));
  }

  @Test
  void tellsWhatHasChangedOnceItHas() {
    var known = new ArrayList<Boolean>();
    var _ = directory.watch(_ -> known.add(directory.account(ID).isPresent()));
    var _ = directory.watch(told::addAll);
    apply(change(1, true));
    apply(change(2, false));
    assertThat(known).containsExactly(true, false);
    assertThat(told).containsExactly(change(1, true), change(2, false));
  }

  @Test
  void tellsNothingOfWhatItKnowsAlready() {
    apply(change(1, true), change(2, false));
    var _ = directory.watch(told::addAll);
    apply(change(1, true), change(2, false));
    assertThat(told).isEmpty();
  }

  @Test
  void tellsNobodyWhoDoesNotWantToKnowAnyMore() {
    directory.watch(told::addAll).run();
    apply(change(1, true));
    assertThat(told).isEmpty();
  }
}
