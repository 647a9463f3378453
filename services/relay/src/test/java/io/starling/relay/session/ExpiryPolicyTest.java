package io.starling.relay.session;

import static io.starling.relay.session.SessionFixture.ANN;
import static io.starling.relay.session.SessionFixture.EAST;
import static io.starling.relay.session.SessionFixture.WEST;
import static io.starling.relay.session.SessionFixture.apply;
import static io.starling.relay.session.SessionFixture.at;
import static io.starling.relay.session.SessionFixture.is;
import static io.starling.relay.session.SessionFixture.note;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.State;
import io.starling.relay.session.SessionRecord.Attach;
import io.starling.relay.session.SessionRecord.Expired;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ExpiryPolicyTest {
  private static final long START = 1_000_000_000;

  private final SessionState state = new SessionState();
  private final ExpiryPolicy policy = new ExpiryPolicy();
  private long now = START;
  private long term = 1;

  private void attach(String key, String gateway, long expirySeconds) {
    apply(state, new Attach(key, ANN, 1, gateway, false, expirySeconds, now, null));
  }

  /** Looks every ten seconds for a while; what came out at the end. */
  private List<String> after(long seconds) {
    for (long left = seconds; left > 0; left -= 10) {
      now += 10_000;
      var over = policy.look(term, now, state);
      if (over != null && !over.sessions().isEmpty()) {
        return over.sessions().stream().map(Expired::key).toList();
      }
    }
    return List.of();
  }

  @Test
  void endsWhoHasLeftOnceItsExpiryHasRunOut() {
    attach("a", EAST, 35);
    apply(state, note(EAST, now, at(1), is("a", 1, State.LEFT)));

    assertThat(after(30)).isEmpty();
    assertThat(after(10)).containsExactly("a");
  }

  @Test
  void endsNobodyWhileItsConnectionLasts() {
    attach("a", EAST, 1);
    for (int hour = 1; hour <= 24; hour++) {
      for (int second = 0; second < 3_600; second += 10) {
        now += 10_000;
        apply(state, note(EAST, now, at(1)));
        assertThat(policy.look(term, now, state)).isNull();
      }
    }
  }

  @Test
  void countsASilentGatewaysSessionsAsLeftSinceItWasHeard() {
    attach("short", EAST, 0);
    attach("long", EAST, 100);
    attach("heard", WEST, 0);
    for (int i = 0; i < 6; i++) {
      assertThat(after(10)).isEmpty();
      apply(state, note(WEST, now, at(1)));
    }
    assertThat(after(10)).containsExactly("short");
    apply(state, note(WEST, now + 60_000, at(1)), new SessionRecord.Discard("short", 2));
    assertThat(after(30)).containsExactly("long");
    assertThat(now - START).isEqualTo(100_000);
  }

  @Test
  void aNewLeaderGivesGatewaysTheirTime() {
    attach("a", EAST, 0);
    assertThat(after(50)).isEmpty();
    term = 2;
    assertThat(after(60)).isEmpty();
    assertThat(after(10)).containsExactly("a");
  }

  @Test
  void aClockThatJumpsEndsNobodyWhoseGatewayLives() {
    attach("a", EAST, 0);
    assertThat(after(50)).isEmpty();
    now += 86_400_000;
    assertThat(after(60)).isEmpty();
    apply(state, note(EAST, now, at(1)));
    assertThat(after(30)).isEmpty();
    now -= 2 * 86_400_000;
    assertThat(after(60)).isEmpty();
  }

  @Test
  void endsNoMoreThanAThousandAtOnce() {
    var notes = new ArrayList<SessionNote>();
    for (int i = 0; i < 1_500; i++) {
      attach("s" + i, EAST, 1);
      notes.add(is("s" + i, 1, State.LEFT));
    }
    apply(state, new SessionRecord.Note(EAST, at(1), notes, now));
    now += 10_000;
    var first = Objects.requireNonNull(policy.look(term, now, state));
    assertThat(first.sessions()).hasSize(1_000);
    apply(state, first);
    assertThat(after(10)).hasSize(500);
  }

  @Test
  void forgetsAGatewayThatNobodyNeeds() {
    apply(state, note(EAST, now, at(1)));
    assertThat(policy.look(term, now + 59_999, state)).isNull();
    apply(state, Objects.requireNonNull(policy.look(term, now + 60_000, state)));
    assertThat(state.gateways()).isEmpty();
  }
}
