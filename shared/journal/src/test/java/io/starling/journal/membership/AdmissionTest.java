package io.starling.journal.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.journal.membership.Admission.Found;
import io.starling.journal.membership.Admission.Join;
import io.starling.journal.membership.Admission.Wait;
import io.starling.journal.membership.Answer.Silent;
import io.starling.journal.membership.Answer.Spoke;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
  private static final Member A = member("a", 1);
  private static final Member B = member("b", 2);
  private static final Member C = member("c", 3);

  private static Member member(String disk, int port) {
    return new Member(disk, new JournalAddress("relay", port));
  }

  private static Answer empty(Member member) {
    return new Spoke(member, Map.of());
  }

  private static Answer hosting(Member member, Member... members) {
    LogView view =
        new LogView("shard-0", null, 0, false, List.of(members), false, Map.of(), Map.of());
    return new Spoke(member, Map.of("shard-0", view));
  }

  private static Answer silent(Member member) {
    return new Silent(member.address(), "refused");
  }

  private static Admission decide(Answer... answers) {
    return Admission.decide("a", List.of(answers));
  }

  @Test
  void foundsWhenAllAnswerAndNoneHasLogs() {
    assertThat(decide(empty(A), empty(B), empty(C))).isEqualTo(new Found(List.of(A, B, C)));
  }

  @Test
  void waitsWhileOneIsSilent() {
    assertThat(decide(empty(A), empty(B), silent(C)))
        .isInstanceOfSatisfying(
            Wait.class, wait -> assertThat(wait.because()).contains("relay:3 (refused)"));
    assertThat(decide(empty(A), silent(B), silent(C))).isInstanceOf(Wait.class);
  }

  @Test
  void joinsWhatExistsWithoutItEvenIfTheOthersAreNewOrSilent() {
    Member before = member("old", 1);
    assertThat(decide(empty(A), hosting(B, before, B, C), silent(C))).isInstanceOf(Join.class);
    assertThat(decide(empty(A), empty(B), hosting(C, before, B, C))).isInstanceOf(Join.class);
    assertThat(decide(empty(A), hosting(B), silent(C))).isInstanceOf(Join.class);
  }

  @Test
  void foundsWithThoseWhoCountedItInAMomentAgo() {
    assertThat(decide(empty(A), hosting(B, A, B, C), silent(C)))
        .isEqualTo(new Found(List.of(A, B, C)));
  }

  @Test
  void waitsWhenADiskAnswersTwice() {
    assertThat(decide(empty(A), empty(member("a", 2)))).isInstanceOf(Wait.class);
  }

  private static LogView led(String log, Member leader, boolean changing, Member... members) {
    return new LogView(
        log, leader.diskId(), 1, true, List.of(members), changing, Map.of(), Map.of());
  }

  private static Answer leading(Member member, LogView... views) {
    return new Spoke(member, Stream.of(views).collect(Collectors.toMap(LogView::log, v -> v)));
  }

  private static Admission decideNew(Answer... answers) {
    return Admission.decideNew(
        "a", "new", new Survey(List.of("new", "newer", "shard-0", "shard-1"), List.of(answers)));
  }

  @Test
  void aNewLogIsFoundedByTheMembersOfTheOthers() {
    Answer others =
        leading(B, led("shard-0", B, false, A, B, C), led("shard-1", B, false, C, B, A));
    Admission decided = decideNew(empty(A), others, silent(C));
    assertThat(decided)
        .isInstanceOfSatisfying(
            Found.class, found -> assertThat(found.members()).containsOnly(A, B, C));
  }

  @Test
  void aNewLogWaitsUntilItIsClearWhoTheMembersAre() {
    LogView led = led("shard-0", B, false, A, B, C);
    assertThat(decideNew(hosting(A, A, B, C), empty(B))).isInstanceOf(Wait.class);
    assertThat(decideNew(leading(B, led("shard-0", B, true, A, B, C)))).isInstanceOf(Wait.class);
    assertThat(decideNew(leading(B, led, led("shard-1", B, false, A, B)))).isInstanceOf(Wait.class);
  }

  @Test
  void aNewLogIsNotFoundedTwiceNorByAStranger() {
    LogView there = new LogView("new", null, 0, false, List.of(B, C), false, Map.of(), Map.of());
    LogView led = led("shard-0", B, false, A, B, C);
    assertThat(decideNew(leading(B, led, there))).isInstanceOf(Join.class);
    LogView counted = new LogView("new", null, 0, false, List.of(A, B), false, Map.of(), Map.of());
    assertThat(decideNew(leading(B, led, counted))).isEqualTo(new Found(List.of(A, B)));
    Member before = member("old", 1);
    assertThat(decideNew(leading(B, led("shard-0", B, false, before, B, C))))
        .isInstanceOf(Join.class);
  }
}
