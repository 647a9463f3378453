package io.starling.embedded.pair;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.embedded.pair.Answer.Busy;
import io.starling.embedded.pair.Answer.Follower;
import io.starling.embedded.pair.Answer.ReadOnly;
import io.starling.embedded.pair.Answer.Silent;
import io.starling.embedded.pair.Answer.Writable;
import io.starling.embedded.pair.Decision.Adopt;
import io.starling.embedded.pair.Decision.ConfirmSync;
import io.starling.embedded.pair.Decision.Copy;
import io.starling.embedded.pair.Decision.Fence;
import io.starling.embedded.pair.Decision.Promote;
import io.starling.embedded.pair.Decision.Start;
import io.starling.embedded.pair.Decision.StartWaiting;
import io.starling.embedded.pair.Decision.StopWaiting;
import io.starling.embedded.pair.Decision.Wait;
import io.starling.embedded.pair.PairRules.View;
import io.starling.embedded.pair.Patience.Wrong;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PairRulesTest {
  private static final Wrong FINE = Wrong.NOTHING;
  private static final Wrong SHORT = new Wrong(Duration.ofSeconds(4), 4);
  private static final Wrong LONG = new Wrong(Duration.ofSeconds(10), 9);
  private static final Wrong VERY_LONG = new Wrong(Duration.ofSeconds(30), 25);
  private static final Memory IN_SYNC = new Memory("a", true, "", "");
  private static final Memory ALONE = new Memory("a", false, "", "");
  private static final Answer SERVES = new Writable(true, 100, new Follower(true, true, 100));
  private static final Answer SERVES_ALONE = new Writable(false, 100, null);
  private static final Answer SERVES_WITHOUT_WAITING =
      new Writable(false, 100, new Follower(true, false, 100));

  private final PairRules rules = new PairRules(Duration.ofSeconds(10), Duration.ofSeconds(30));

  @Test
  void doesNothingWhileAllIsWell() {
    assertThat(decide(primary("a"), standby("b"), FINE, IN_SYNC)).isEqualTo(new Wait("in sync"));
  }

  @Test
  void promotesAStandbyThatHasEverythingAfterALongSilence() {
    for (Sight silent : new Sight[] {dead("a"), frozen("a"), with(dead("a"), false, true)}) {
      assertThat(decide(silent, standby("b"), SHORT, IN_SYNC)).isInstanceOf(Wait.class);
      assertThat(decide(silent, standby("b"), LONG, IN_SYNC))
          .isEqualTo(new Promote("b", "a was silent for 10.0 s"));
    }
  }

  @Test
  void neverPromotesAStandbyThatMayLackSomething() {
    assertThat(decide(frozen("a"), standby("b"), VERY_LONG, ALONE))
        .isInstanceOfSatisfying(
            Wait.class, wait -> assertThat(wait.why()).contains("b may lack", "--force"));
    assertThat(decide(dead("a"), standby("b"), VERY_LONG, ALONE)).isInstanceOf(Start.class);
    assertThat(decide(with(dead("a"), false, true), standby("b"), VERY_LONG, ALONE))
        .isInstanceOf(Wait.class);
    Sight fenced = with(standby("b"), true, false);
    assertThat(decide(dead("a"), with(dead(fenced), true, false), VERY_LONG, IN_SYNC))
        .isEqualTo(new Start("a", "its process is gone and nobody can replace it"));
  }

  @Test
  void aServerWithoutAFreeConnectionIsNotSilent() {
    Sight busy = new Sight("a", true, true, false, 1, false, false, new Busy());
    assertThat(busy.isSilent()).isFalse();
    assertThat(decide(busy, standby("b"), FINE, IN_SYNC)).isInstanceOf(Wait.class);
  }

  @Test
  void startsThePrimaryFirstWhenBothAreDead() {
    assertThat(decide(dead("a"), deadStandby("b"), FINE, IN_SYNC))
        .isInstanceOfSatisfying(Start.class, start -> assertThat(start.name()).isEqualTo("a"));
    assertThat(decide(frozen("a"), deadStandby("b"), FINE, IN_SYNC))
        .isInstanceOfSatisfying(Start.class, start -> assertThat(start.name()).isEqualTo("b"));
    assertThat(decide(with(dead("a"), false, true), deadStandby("b"), FINE, IN_SYNC))
        .isInstanceOfSatisfying(Start.class, start -> assertThat(start.name()).isEqualTo("b"));
  }

  @Test
  void startsTheStandbyWhenThePrimaryFailsToStart() {
    View view = new View(dead("a"), deadStandby("b"), FINE, FINE, FINE, Set.of("a"));
    assertThat(rules.decide(view, IN_SYNC)).isEqualTo(new Start("b", "its process is gone"));
  }

  @Test
  void fencesTheLowerTimelineOfTwoThatClaimToBeThePrimary() {
    Sight older = at(primary("a"), 1);
    Sight newer = at(primary("b"), 2);
    assertThat(decide(older, newer, FINE, ALONE)).isInstanceOf(Fence.class);
    assertThat(((Fence) decide(older, newer, FINE, ALONE)).name()).isEqualTo("a");
    assertThat(((Fence) decide(at(dead("a"), 1), newer, FINE, ALONE)).name()).isEqualTo("a");
    assertThat(((Fence) decide(older, at(dead("b"), 2), FINE, ALONE)).name()).isEqualTo("a");
    assertThat(((Fence) decide(at(primary("a"), 3), newer, FINE, ALONE)).name()).isEqualTo("b");
    assertThat(((Fence) decide(at(primary("a"), 2), newer, FINE, ALONE)).name()).isEqualTo("b");
  }

  @Test
  void fencesWhatWasStartedBeforeItWasCopiedAnew() {
    for (Sight risen : new Sight[] {primary("b"), standby("b"), frozen("b")}) {
      assertThat(decide(primary("a"), with(risen, true, true), FINE, ALONE))
          .isInstanceOfSatisfying(Fence.class, fence -> assertThat(fence.name()).isEqualTo("b"));
    }
  }

  @Test
  void aFencedOneClaimsNothing() {
    assertThat(with(dead("a"), true, false).claims()).isFalse();
    assertThat(with(primary("a"), true, false).claims()).isTrue();
  }

  @Test
  void remembersWhoIsThePrimary() {
    assertThat(decide(deadStandby("a"), at(primary("b"), 2), FINE, IN_SYNC))
        .isEqualTo(new Adopt("b", "it is the primary on timeline 2"));
  }

  @Test
  void decidesNothingWhenNobodyClaimsToBeThePrimary() {
    assertThat(decide(standby("a"), standby("b"), VERY_LONG, IN_SYNC)).isInstanceOf(Wait.class);
  }

  @Test
  void stopsWaitingForAStandbyThatIsGoneForLong() {
    for (Sight gone : new Sight[] {frozen("b"), with(deadStandby("b"), false, true)}) {
      assertThat(lost(primary("a"), gone, SHORT, IN_SYNC)).isInstanceOf(Wait.class);
      assertThat(lost(primary("a"), gone, LONG, IN_SYNC))
          .isEqualTo(new StopWaiting("a", "b is gone"));
    }
    assertThat(lost(primary("a"), with(deadStandby("b"), true, false), SHORT, IN_SYNC))
        .isInstanceOf(StopWaiting.class);
  }

  @Test
  void knowsThatItIsNotInSyncWhenSomebodyToldThePrimaryNotToWait() {
    assertThat(decide(serving("a", SERVES_WITHOUT_WAITING), standby("b"), FINE, IN_SYNC))
        .isInstanceOf(StopWaiting.class);
  }

  @Test
  void copiesWhatMustBeNewOnceThePrimaryDoesNotWait() {
    Sight fenced = with(deadStandby("b"), true, false);
    Sight alone = serving("a", SERVES_ALONE);
    assertThat(lost(alone, fenced, SHORT, ALONE)).isInstanceOf(Copy.class);
    assertThat(lost(alone, with(fenced, true, true), SHORT, ALONE)).isInstanceOf(Wait.class);
    assertThat(lost(alone, standby("b"), LONG, ALONE)).isInstanceOf(Wait.class);
    assertThat(lost(alone, standby("b"), VERY_LONG, ALONE)).isInstanceOf(Copy.class);
    assertThat(lost(alone, frozen("b"), VERY_LONG, ALONE)).isInstanceOf(Wait.class);
    View rests = new View(alone, fenced, FINE, LONG, LONG, Set.of("b"));
    assertThat(rules.decide(rests, ALONE)).isInstanceOf(Wait.class);
  }

  @Test
  void waitsForTheStandbyAgainAndSaysSoOnlyWhenThatIsProved() {
    Sight notYet = serving("a", SERVES_WITHOUT_WAITING);
    assertThat(decide(notYet, standby("b"), FINE, ALONE)).isInstanceOf(StartWaiting.class);
    Sight asynchronous = serving("a", new Writable(true, 100, new Follower(true, false, 100)));
    assertThat(decide(asynchronous, standby("b"), FINE, ALONE)).isInstanceOf(Wait.class);
    assertThat(decide(primary("a"), standby("b"), FINE, ALONE)).isInstanceOf(ConfirmSync.class);
  }

  @Test
  void followsMeansThatWhatWasThereATurnAgoIsOnItsDisk() {
    Writable answer = new Writable(true, 100, new Follower(true, true, 80));
    assertThat(PairRules.follows(standby("b"), answer, 80)).isTrue();
    assertThat(PairRules.follows(standby("b"), answer, 81)).isFalse();
    assertThat(PairRules.follows(frozen("b"), answer, 80)).isFalse();
    assertThat(PairRules.follows(standby("b"), new Writable(true, 100, null), 0)).isFalse();
    Writable catchingUp = new Writable(true, 100, new Follower(false, false, 100));
    assertThat(PairRules.follows(standby("b"), catchingUp, 0)).isFalse();
  }

  @Test
  void goesOnWithAPromotionThatWasCutOff() {
    assertThat(decide(primary("a"), standby("b"), FINE, IN_SYNC.withPromoting("b")))
        .isEqualTo(new Promote("b", "that was decided before"));
  }

  private Decision decide(Sight a, Sight b, Wrong silent, Memory memory) {
    return rules.decide(new View(a, b, silent, FINE, FINE, Set.of()), memory);
  }

  private Decision lost(Sight a, Sight b, Wrong notFollowing, Memory memory) {
    return rules.decide(new View(a, b, FINE, notFollowing, notFollowing, Set.of()), memory);
  }

  private static Sight primary(String name) {
    return serving(name, SERVES);
  }

  private static Sight serving(String name, Answer answer) {
    return new Sight(name, true, true, false, 1, false, false, answer);
  }

  private static Sight standby(String name) {
    return new Sight(name, true, true, true, 1, false, false, new ReadOnly());
  }

  private static Sight dead(String name) {
    return new Sight(name, true, false, false, 1, false, false, new Silent("dead"));
  }

  private static Sight dead(Sight sight) {
    return new Sight(
        sight.name(), true, false, sight.standby(), 1, false, false, new Silent("dead"));
  }

  private static Sight deadStandby(String name) {
    return dead(standby(name));
  }

  /** As a primary; of a standby the rules do not know better while it is silent. */
  private static Sight frozen(String name) {
    return new Sight(
        name, true, true, name.equals("b"), 1, false, false, new Silent("does not answer"));
  }

  private static Sight at(Sight sight, long timeline) {
    return new Sight(
        sight.name(),
        sight.hasData(),
        sight.running(),
        sight.standby(),
        timeline,
        sight.fenced(),
        sight.down(),
        sight.answer());
  }

  private static Sight with(Sight sight, boolean fenced, boolean down) {
    return new Sight(
        sight.name(),
        sight.hasData(),
        sight.running(),
        sight.standby(),
        sight.timeline(),
        fenced,
        down,
        sight.answer());
  }
}
