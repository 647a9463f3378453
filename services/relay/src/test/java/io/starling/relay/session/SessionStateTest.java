package io.starling.relay.session;

import static io.starling.relay.session.SessionFixture.ANN;
import static io.starling.relay.session.SessionFixture.BOB;
import static io.starling.relay.session.SessionFixture.EAST;
import static io.starling.relay.session.SessionFixture.HOUR;
import static io.starling.relay.session.SessionFixture.WEST;
import static io.starling.relay.session.SessionFixture.at;
import static io.starling.relay.session.SessionFixture.copy;
import static io.starling.relay.session.SessionFixture.is;
import static io.starling.relay.session.SessionFixture.note;
import static io.starling.relay.session.SessionFixture.subscriptions;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.State;
import io.starling.relay.session.SessionRecord.Attach;
import io.starling.relay.session.SessionRecord.Discard;
import io.starling.relay.session.SessionRecord.Expire;
import io.starling.relay.session.SessionRecord.Expired;
import io.starling.relay.session.SessionRecord.Subscribe;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SessionStateTest {
  private final SessionState state = new SessionState();

  private void apply(SessionRecord... records) {
    SessionFixture.apply(state, records);
  }

  private KeptSession session(String key) {
    return Objects.requireNonNull(state.find(key), "no session " + key);
  }

  private List<JournalPosition> standing(String key) {
    return state.standing(session(key));
  }

  private int attachedAt(String gateway) {
    return Objects.requireNonNull(state.gateways().get(gateway), gateway).sessions();
  }

  private static Attach attach(AccountId account, long epoch, boolean cleanStart, long expiry) {
    return new Attach("a", account, epoch, EAST, cleanStart, expiry, 1_000, null);
  }

  private static Subscribe subscribe(long epoch, String filter, long... positions) {
    return new Subscribe("a", epoch, subscriptions(filter), at(positions));
  }

  @Test
  void theFirstAttachFindsNothingAndTheNextOneFindsIt() {
    apply(SessionFixture.attach("a", 1, EAST));
    assertThat(session("a").present()).isFalse();
    assertThat(standing("a")).isEmpty();

    apply(subscribe(1, "temp", 5, 6), SessionFixture.attach("a", 2, WEST));
    assertThat(session("a").present()).isTrue();
    assertThat(session("a").gateway()).isEqualTo(WEST);
    assertThat(session("a").state()).isEqualTo(State.BEHIND);
    assertThat(session("a").subscriptions()).isEqualTo(subscriptions("temp"));
    assertThat(standing("a")).isEqualTo(at(5, 6));
  }

  @Test
  void theSameAttachAgainChangesNothing() {
    apply(SessionFixture.attach("a", 1, EAST), SessionFixture.attach("a", 2, WEST));
    var once = session("a");
    apply(SessionFixture.attach("a", 2, WEST));

    assertThat(session("a")).isEqualTo(once);
    assertThat(attachedAt(WEST)).isEqualTo(1);
  }

  private static SessionRecord leaves(long epoch, long expirySeconds, String underWay) {
    var left =
        new SessionNote("a", epoch, State.LEFT, at(5), expirySeconds, Buffer.buffer(underWay));
    return note(EAST, 2_000, at(5), left);
  }

  @Test
  void whatWasUnderWayIsToldToTheNextConnectionAndToNoOther() {
    apply(SessionFixture.attach("a", 1, EAST), leaves(1, SessionNote.SAME_EXPIRY, "packets"));
    apply(SessionFixture.attach("a", 2, WEST));
    assertThat(session("a").underWay()).hasToString("packets");
    apply(SessionFixture.attach("a", 2, WEST));
    assertThat(session("a").underWay()).as("asked again").hasToString("packets");
    var copy = copy(state);
    assertThat(Objects.requireNonNull(copy.find("a")).underWay()).hasToString("packets");

    // Its gateway dies: the client has gone on, and nobody knows how far.
    apply(SessionFixture.attach("a", 3, EAST));
    assertThat(session("a").underWay().length()).isZero();
  }

  @Test
  void whatWasUnderWayIsOverOnceItsGatewayTellsHowFarItIs() {
    apply(SessionFixture.attach("a", 1, EAST), leaves(1, SessionNote.SAME_EXPIRY, "packets"));
    apply(SessionFixture.attach("a", 2, EAST));
    apply(note(EAST, 3_000, at(6), is("a", 2, State.LIVE)));
    assertThat(session("a").underWay().length()).isZero();
  }

  @Test
  void aClientMayChangeInTheEndForHowLongItsSessionIsKept() {
    apply(SessionFixture.attach("a", 1, EAST), leaves(1, 7, ""));
    assertThat(session("a").expirySeconds()).isEqualTo(7);
    apply(SessionFixture.attach("a", 2, EAST), leaves(2, 0, ""));
    assertThat(state.find("a")).isNull();
  }

  @Test
  void anOlderEpochChangesNothing() {
    apply(SessionFixture.attach("a", 5, EAST), SessionFixture.attach("a", 4, WEST));

    assertThat(session("a").gateway()).isEqualTo(EAST);
    assertThat(state.gateways()).containsOnlyKeys(EAST);
  }

  @Test
  void aCleanStartForgetsWhatThereWas() {
    apply(SessionFixture.attach("a", 1, EAST), subscribe(1, "temp", 5, 6));
    apply(attach(ANN, 2, true, HOUR));

    assertThat(session("a").present()).isFalse();
    assertThat(session("a").subscriptions()).isEmpty();
    assertThat(standing("a")).isEmpty();
  }

  @Test
  void whatAnotherAccountHadIsNotHandedOn() {
    apply(SessionFixture.attach("a", 1, EAST), subscribe(1, "temp", 5, 6));
    apply(attach(BOB, 2, false, HOUR));

    assertThat(session("a").present()).isFalse();
    assertThat(session("a").subscriptions()).isEmpty();
    assertThat(state.size(ANN)).isZero();
    assertThat(state.size(BOB)).isEqualTo(1);
  }

  @Test
  void aSessionThatKeepsUpStandsWhereItsGatewayDoes() {
    apply(SessionFixture.attach("a", 1, EAST), subscribe(1, "temp", 5, 60));
    apply(note(EAST, 2_000, at(10, 20)));
    assertThat(standing("a")).as("not told yet").isEqualTo(at(5, 60));

    apply(note(EAST, 3_000, at(11, 21), is("a", 1, State.LIVE)));
    assertThat(standing("a")).isEqualTo(at(11, 60));

    apply(note(EAST, 4_000, at(15, 70)));
    assertThat(standing("a")).isEqualTo(at(15, 70));
  }

  @Test
  void aSessionThatFallsBehindDoesNotGoOnWithItsGateway() {
    apply(SessionFixture.attach("a", 1, EAST), subscribe(1, "temp", 5, 5));
    apply(note(EAST, 2_000, at(10, 10), is("a", 1, State.LIVE)));
    apply(note(EAST, 3_000, at(20, 20), is("a", 1, State.BEHIND, 12, 11)));
    assertThat(standing("a")).isEqualTo(at(12, 11));

    apply(note(EAST, 4_000, at(30, 30), is("a", 1, State.BEHIND, 13, 3)));
    assertThat(standing("a")).as("never back").isEqualTo(at(13, 11));
  }

  @Test
  void aSessionThatMovesStandsWhereItsGatewayWasLast() {
    apply(SessionFixture.attach("a", 1, EAST), subscribe(1, "temp", 5, 5));
    apply(note(EAST, 2_000, at(10, 10), is("a", 1, State.LIVE)));
    apply(SessionFixture.attach("a", 2, WEST), note(EAST, 3_000, at(20, 20)));

    assertThat(standing("a")).isEqualTo(at(10, 10));
  }

  @Test
  void whoHasLeftStaysWhereItStoodAndIsNoLongerTheGateways() {
    apply(SessionFixture.attach("a", 1, EAST), subscribe(1, "temp", 5, 5));
    apply(note(EAST, 2_000, at(10, 10), is("a", 1, State.LIVE)));
    apply(note(EAST, 3_000, at(20, 20), is("a", 1, State.LEFT, 11)));
    apply(note(EAST, 4_000, at(30, 30), is("a", 1, State.LIVE)), subscribe(1, "other", 40, 40));

    assertThat(standing("a")).isEqualTo(at(11, 10));
    assertThat(session("a").state()).isEqualTo(State.LEFT);
    assertThat(session("a").leftAtMillis()).isEqualTo(3_000);
    assertThat(session("a").subscriptions()).isEqualTo(subscriptions("temp"));
    assertThat(attachedAt(EAST)).isZero();
  }

  @Test
  void whoHasLeftGoesOnElsewhere() {
    apply(SessionFixture.attach("a", 1, EAST), subscribe(1, "temp", 5, 5));
    apply(note(EAST, 2_000, at(10, 10), is("a", 1, State.LEFT, 9, 9)));
    apply(SessionFixture.attach("a", 2, WEST));

    assertThat(session("a").present()).isTrue();
    assertThat(session("a").leftAtMillis()).isZero();
    assertThat(standing("a")).isEqualTo(at(9, 9));
  }

  @Test
  void aSessionWithoutExpiryIsOverWithItsConnection() {
    apply(attach(ANN, 1, false, 0), note(EAST, 2_000, at(10), is("a", 1, State.LEFT, 9)));

    assertThat(state.find("a")).isNull();
    assertThat(state.size(ANN)).isZero();
  }

  @Test
  void anEndedSessionIsOver() {
    apply(SessionFixture.attach("a", 1, EAST), note(EAST, 2_000, at(10), is("a", 1, State.ENDED)));

    assertThat(state.find("a")).isNull();
  }

  @Test
  void notesOfAnotherEpochOrGatewayChangeNothing() {
    apply(SessionFixture.attach("a", 2, EAST));
    var before = session("a");
    apply(note(EAST, 2_000, at(10), is("a", 1, State.ENDED), is("a", 3, State.LEFT, 9)));
    apply(note(WEST, 2_000, at(10), is("a", 2, State.LEFT, 9), is("b", 2, State.LIVE)));
    apply(subscribe(1, "temp", 5), subscribe(3, "temp", 5));

    assertThat(session("a")).isEqualTo(before);
    assertThat(state.size()).isEqualTo(1);
  }

  @Test
  void discardEndsWhatIsBelowItsEpochOnly() {
    apply(SessionFixture.attach("a", 5, EAST), new Discard("a", 5), new Discard("b", 9));
    assertThat(state.size()).isEqualTo(1);

    apply(new Discard("a", 6));
    assertThat(state.size()).isZero();
    assertThat(attachedAt(EAST)).isZero();
  }

  @Test
  void expiryEndsWhoHasLeftAndWhoseGatewayIsSilent() {
    apply(SessionFixture.attach("left", 1, EAST), SessionFixture.attach("silent", 1, WEST));
    apply(SessionFixture.attach("again", 1, EAST), SessionFixture.attach("heard", 1, EAST));
    apply(note(EAST, 9_000, at(1), is("left", 1, State.LEFT), is("again", 1, State.LEFT)));
    apply(SessionFixture.attach("again", 2, EAST), note(EAST, 9_500, at(1)));
    apply(
        new Expire(
            5_000,
            List.of(
                new Expired("left", 1),
                new Expired("silent", 1),
                new Expired("again", 1),
                new Expired("heard", 1),
                new Expired("never was", 1)),
            List.of()));

    assertThat(state.sessions()).containsOnlyKeys("again", "heard");
  }

  @Test
  void whatHasExpiredIsNotGoneOnWithThoughNobodyHasLooked() {
    apply(SessionFixture.attach("a", 1, EAST), note(EAST, 2_000, at(1), is("a", 1, State.LEFT, 1)));
    long over = 2_000 + HOUR * 1_000;
    apply(new Attach("a", ANN, 2, EAST, false, HOUR, over - 1, null));
    assertThat(Objects.requireNonNull(state.find("a")).present()).isTrue();

    apply(note(EAST, 2_000, at(1), is("a", 2, State.LEFT, 1)));
    apply(new Attach("a", ANN, 3, EAST, false, HOUR, over, null));
    assertThat(Objects.requireNonNull(state.find("a")).present()).isFalse();
  }

  @Test
  void aGatewayIsForgottenWhenItIsSilentAndNobodyNeedsIt() {
    apply(SessionFixture.attach("a", 1, EAST), SessionFixture.attach("b", 1, WEST));
    apply(note("idle-1", 1_500, at(1)), new Expire(1_499, List.of(), List.of()));
    assertThat(state.gateways()).containsOnlyKeys(EAST, WEST, "idle-1");

    apply(SessionFixture.attach("b", 2, EAST), new Expire(1_500, List.of(), List.of()));
    assertThat(state.gateways()).containsOnlyKeys(EAST);
  }

  @Test
  void readsItsSnapshotBack() {
    apply(SessionFixture.attach("a", 1, EAST), subscribe(1, "temp/+", 5, 6));
    apply(note(EAST, 2_000, at(10, 10), is("a", 1, State.LIVE)));
    apply(SessionFixture.attach("b", 1, EAST), note(EAST, 3_000, at(12), is("b", 1, State.LEFT)));
    apply(
        SessionFixture.attach("c", 1, WEST),
        SessionFixture.attach("c", 2, "gone-1"),
        note("idle-1", 3_000, at(1)));
    var copy = copy(state);

    assertThat(copy.sessions()).isEqualTo(state.sessions());
    assertThat(copy.gateways()).isEqualTo(state.gateways());
    assertThat(copy.size(ANN)).isEqualTo(3);
    assertThat(copy.standing(session("a"))).isEqualTo(at(12, 10));
  }
}
