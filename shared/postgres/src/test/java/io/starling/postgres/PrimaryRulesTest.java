package io.starling.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.postgres.Answer.Failed;
import io.starling.postgres.Answer.ReadOnly;
import io.starling.postgres.Answer.Silent;
import io.starling.postgres.Answer.Writable;
import io.starling.postgres.PrimaryRules.AskAgain;
import io.starling.postgres.PrimaryRules.Nobody;
import io.starling.postgres.PrimaryRules.Serve;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrimaryRulesTest {
  private static final Candidate A = Candidate.parse("postgresql://u:p@a/d");
  private static final Candidate B = Candidate.parse("postgresql://u:p@b/d");
  private static final Term OLD = new Term(0, 7);
  private static final Term NEW = new Term(1, 2);

  @Test
  void servesTheOneWritable() {
    assertThat(
            PrimaryRules.judge(List.of(new ReadOnly(A), new Writable(B, OLD)), Term.NONE, null, 0))
        .isEqualTo(new Serve(B, OLD));
  }

  @Test
  void servesTheHighestTermOfTwo() {
    assertThat(
            PrimaryRules.judge(
                List.of(new Writable(A, NEW), new Writable(B, OLD)), Term.NONE, B, 0))
        .isEqualTo(new Serve(A, NEW));
  }

  @Test
  void staysWhenTwoNamesLeadToTheSameServer() {
    List<Answer> answers = List.of(new Writable(A, OLD), new Writable(B, OLD));
    assertThat(PrimaryRules.judge(answers, OLD, A, 0)).isEqualTo(new Serve(A, OLD));
    assertThat(PrimaryRules.judge(answers, OLD, B, 0)).isEqualTo(new Serve(B, OLD));
  }

  @Test
  void servesNobodyBelowTheHighestTermEverSeen() {
    assertThat(
            PrimaryRules.judge(
                List.of(new Writable(A, OLD), new Failed(B, "refused")), NEW, null, 0))
        .isEqualTo(
            new Nobody("a:5432 is writable in term 0.7, which is before 1.2; b:5432: refused"));
  }

  @Test
  void asksAgainWhileItHasPatienceWithASilentPrimary() {
    List<Answer> answers = List.of(new Silent(A), new ReadOnly(B));
    assertThat(PrimaryRules.judge(answers, OLD, A, 1)).isEqualTo(new AskAgain());
    assertThat(PrimaryRules.judge(answers, OLD, A, 0)).isInstanceOf(Nobody.class);
    assertThat(PrimaryRules.judge(answers, OLD, B, 1)).isInstanceOf(Nobody.class);
  }

  @Test
  void doesNotWaitForASilentPrimaryThatWasReplaced() {
    assertThat(PrimaryRules.judge(List.of(new Silent(A), new Writable(B, NEW)), OLD, A, 1))
        .isEqualTo(new Serve(B, NEW));
  }

  @Test
  void givesUpAtOnceWhenThePrimaryRefusesConnections() {
    assertThat(PrimaryRules.judge(List.of(new Failed(A, "refused")), OLD, A, 1))
        .isEqualTo(new Nobody("a:5432: refused"));
  }
}
