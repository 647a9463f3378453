package io.starling.journal.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.journal.membership.Admission.Found;
import io.starling.journal.membership.Admission.Join;
import io.starling.journal.membership.Admission.Wait;
import io.starling.journal.membership.Answer.Silent;
import io.starling.journal.membership.Answer.Spoke;
import java.util.List;
import java.util.Map;
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
}
