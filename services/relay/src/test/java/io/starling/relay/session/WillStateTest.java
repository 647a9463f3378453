package io.starling.relay.session;

import static io.starling.relay.session.SessionFixture.ANN;
import static io.starling.relay.session.SessionFixture.EAST;
import static io.starling.relay.session.SessionFixture.WEST;
import static io.starling.relay.session.SessionFixture.apply;
import static io.starling.relay.session.SessionFixture.at;
import static io.starling.relay.session.SessionFixture.copy;
import static io.starling.relay.session.SessionFixture.is;
import static io.starling.relay.session.SessionFixture.note;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.SessionsRequest.State;
import io.starling.contract.SessionsRequest.Will;
import io.starling.contract.SessionsRequest.WillFate;
import io.starling.relay.session.SessionRecord.Attach;
import io.starling.relay.session.SessionRecord.Discard;
import io.starling.relay.session.SessionRecord.Supersede;
import io.starling.relay.session.SessionRecord.WillSent;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When wills are due (MQTT 5, sections 3.1.2.5, 3.1.3.2.2 and 3.1.4). */
class WillStateTest {
  private static final long NOW = 1_000_000;
  private static final long NEVER = Long.MAX_VALUE;

  private final SessionState state = new SessionState();

  private void attach(long epoch, String gateway, boolean clean, long expiry, long delay) {
    var will = delay < 0 ? null : new Will(0, 60, delay, Buffer.buffer("will " + epoch));
    apply(state, new Attach("a", ANN, epoch, gateway, clean, expiry, NOW, will));
  }

  private void leaves(long epoch, long atMillis, WillFate fate) {
    var session = state.find("a");
    var ended = session == null || session.expirySeconds() == 0;
    apply(
        state,
        note(
            EAST,
            atMillis,
            at(1),
            is("a", epoch, ended ? State.ENDED : State.LEFT).withWill(fate)));
  }

  private List<Long> due(long atMillis) {
    return state.dueWills().due(atMillis, 100).stream().map(DueWill::epoch).toList();
  }

  /** Whatever happened, another replica comes to the same by a snapshot. */
  @AfterEach
  void aSnapshotSaysTheSame() {
    var copy = copy(state);
    assertThat(copy.sessions()).isEqualTo(state.sessions());
    assertThat(copy.dueWills().due(NEVER, 100)).isEqualTo(state.dueWills().due(NEVER, 100));
    assertThat(copy.willBytes()).isEqualTo(state.willBytes());
  }

  @Test
  void isDueAtOnceWithoutADelayAndGoneWhenSent() {
    attach(1, EAST, true, 0, 0);
    assertThat(state.willBytes()).isEqualTo(6);
    leaves(1, NOW, WillFate.DUE);

    assertThat(due(NOW)).containsExactly(1L);
    apply(state, new WillSent("a", 1));
    assertThat(due(NEVER)).isEmpty();
    assertThat(state.willBytes()).isZero();
  }

  @Test
  void whoTakesItsLeaveLeavesNone() {
    attach(1, EAST, false, 100, 0);
    leaves(1, NOW, WillFate.NONE);
    assertThat(due(NEVER)).isEmpty();
    assertThat(state.willBytes()).isZero();
  }

  @Test
  void waitsForItsDelayOrTheEndOfTheSession() {
    attach(1, EAST, false, 100, 30);
    leaves(1, NOW, WillFate.DUE);
    assertThat(due(NOW + 29_999)).isEmpty();
    assertThat(due(NOW + 30_000)).containsExactly(1L);

    apply(state, new WillSent("a", 1));
    attach(2, EAST, false, 10, 30);
    leaves(2, NOW, WillFate.DUE);
    assertThat(due(NOW + 9_999)).isEmpty();
    assertThat(due(NOW + 10_000)).containsExactly(2L);
  }

  @Test
  void aSessionThatEndsWithItsConnectionWaitsForNothing() {
    attach(1, EAST, true, 0, 30);
    leaves(1, NOW, WillFate.DUE);
    assertThat(due(NOW)).containsExactly(1L);
  }

  @Test
  void aSessionThatGoesOnInTimeCancelsADelayedOne() {
    attach(1, EAST, false, 100, 30);
    leaves(1, NOW - 1, WillFate.DUE);
    attach(2, WEST, false, 100, -1);
    assertThat(due(NEVER)).isEmpty();
  }

  @Test
  void aSessionThatBeginsAnewSetsADelayedOneFree() {
    attach(1, EAST, false, 100, 30);
    leaves(1, NOW - 1, WillFate.DUE);
    attach(2, WEST, true, 100, -1);
    assertThat(due(NOW)).containsExactly(1L);
  }

  @Test
  void whoTakesOverAConnectionThatNobodySawEndSetsItsWillFree() {
    attach(1, EAST, false, 100, 0);
    apply(state, new Supersede("a", 2, false, NOW));
    assertThat(due(NOW)).containsExactly(1L);

    apply(state, new WillSent("a", 1));
    attach(2, WEST, false, 100, 30);
    assertThat(due(NEVER)).isEmpty();
    attach(3, EAST, false, 100, -1); // goes on in time
    assertThat(due(NEVER)).isEmpty();
    assertThat(state.willBytes()).isZero();
  }

  @Test
  void anOlderConnectionSetsNothingFree() {
    attach(5, EAST, false, 100, 0);
    apply(state, new Supersede("a", 5, true, NOW), new Discard("a", 5));
    attach(4, WEST, true, 100, 0);
    assertThat(due(NEVER)).isEmpty();
  }

  @Test
  void whoWantsNothingKeptSetsItFree() {
    attach(1, EAST, false, 100, 30);
    apply(state, new Discard("a", 2));
    assertThat(due(NOW)).containsExactly(1L);
  }

  @Test
  void aGatewayThatSendsItsClientsAwayGivesThemTime() {
    attach(1, EAST, false, 100, 0);
    leaves(1, NOW, WillFate.DEFERRED);
    assertThat(due(NOW + 89_999)).isEmpty();
    assertThat(due(NOW + 90_000)).containsExactly(1L); // one and a half times its keep alive
  }

  @Test
  void whoIsBackAfterThatHasItsWillPublishedBeforeItIsLetIn() {
    attach(1, EAST, true, 0, 0);
    leaves(1, NOW - 1_000, WillFate.DEFERRED);
    apply(state, new Supersede("a", 2, true, NOW));
    assertThat(due(NOW)).containsExactly(1L);
  }

  @Test
  void isDueWhenItsGatewayIsSilentForTooLong() {
    var policy = new ExpiryPolicy();
    attach(1, EAST, false, 1_000, 20);
    long duringMillis = NOW + 90_000 + 20_000;
    for (long now = NOW; now < duringMillis; now += 10_000) {
      var over = policy.look(1, now, state);
      if (over != null) {
        apply(state, over);
      }
    }
    assertThat(due(NEVER)).isEmpty();

    apply(state, requireNonNull(policy.look(1, duringMillis, state)));

    assertThat(due(0)).containsExactly(1L);
    assertThat(state.sessions()).containsOnlyKeys("a"); // its expiry runs
  }
}
