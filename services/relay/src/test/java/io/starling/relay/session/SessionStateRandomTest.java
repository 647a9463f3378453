package io.starling.relay.session;

import static io.starling.relay.session.SessionFixture.ANN;
import static io.starling.relay.session.SessionFixture.BOB;
import static io.starling.relay.session.SessionFixture.apply;
import static io.starling.relay.session.SessionFixture.at;
import static io.starling.relay.session.SessionFixture.copy;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.State;
import io.starling.contract.SessionsRequest.StoredSubscription;
import io.starling.relay.session.SessionRecord.Attach;
import io.starling.relay.session.SessionRecord.Discard;
import io.starling.relay.session.SessionRecord.Expire;
import io.starling.relay.session.SessionRecord.Expired;
import io.starling.relay.session.SessionRecord.Note;
import io.starling.relay.session.SessionRecord.Subscribe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Anything in any order, against a model that moves every session with every note. */
class SessionStateRandomTest {
  private static final int RUNS = 20;
  private static final int STEPS = 600;
  private static final List<String> KEYS = List.of("a", "b", "c", "d", "e", "f");
  private static final List<String> GATEWAYS = List.of("east-1", "west-1", "west-2");
  private static final List<AccountId> ACCOUNTS = List.of(ANN, ANN, ANN, BOB);

  private static final class Steps {
    private final Random random;
    private long now = 1_000;
    private long head = 1;

    Steps(long seed) {
      random = new Random(seed);
    }

    SessionRecord next(SessionModel model) {
      now += random.nextInt(100);
      head += random.nextInt(5);
      String key = pick(KEYS);
      long epoch = epoch(model, key);
      return switch (random.nextInt(12)) {
        case 0, 1, 2 ->
            new Attach(
                key,
                pick(ACCOUNTS),
                epoch + random.nextInt(2),
                pick(GATEWAYS),
                random.nextInt(6) == 0,
                random.nextInt(4) == 0 ? 0 : 60,
                now,
                null);
        case 3, 4 ->
            new Subscribe(
                key,
                epoch,
                List.of(new StoredSubscription("t" + random.nextInt(9), 1, random.nextBoolean())),
                positions());
        case 5 -> new Discard(key, epoch + random.nextInt(2));
        case 6 ->
            new Expire(now - random.nextInt(600), List.of(new Expired(key, epoch)), List.of());
        default -> new Note(pick(GATEWAYS), positions(), notes(model), now);
      };
    }

    private List<SessionNote> notes(SessionModel model) {
      var notes = new ArrayList<SessionNote>();
      var keys = new ArrayList<>(KEYS); // a session has one state, and so one note
      for (int left = random.nextInt(4); left > 0; left--) {
        String key = keys.remove(random.nextInt(keys.size()));
        var state = pick(List.of(State.LIVE, State.LIVE, State.BEHIND, State.LEFT, State.ENDED));
        notes.add(new SessionNote(key, epoch(model, key), state, positions()));
      }
      return notes;
    }

    private long epoch(SessionModel model, String key) {
      var known = model.sessions.get(key);
      long epoch = known == null ? now : known.epoch();
      return epoch + (random.nextInt(5) == 0 ? random.nextInt(5) - 2 : 0);
    }

    private List<JournalPosition> positions() {
      return switch (random.nextInt(5)) {
        case 0 -> List.of();
        case 1 -> at(head);
        default -> at(Math.max(0, head - random.nextInt(20)), Math.max(0, head - 5));
      };
    }

    private <T> T pick(List<T> of) {
      return of.get(random.nextInt(of.size()));
    }
  }

  @Test
  void isWhatASimpleModelSaysOnEveryReplica() {
    long seed = Long.getLong("seed", System.nanoTime());
    for (long run = seed; run < seed + RUNS; run++) {
      try {
        run(new Steps(run));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("again with -Dseed=" + run, e);
      }
    }
  }

  private static void run(Steps steps) {
    var model = new SessionModel();
    var leader = new SessionState();
    var follower = new SessionState();
    for (int step = 0; step < STEPS; step++) {
      var record = steps.next(model);
      model.apply(record);
      apply(leader, record);
      apply(follower, record);
      if (step == STEPS / 2) {
        follower = copy(leader); // it was away, and gets a snapshot
      }
      agrees(leader, model, record);
    }
    assertThat(follower.sessions()).isEqualTo(leader.sessions());
    assertThat(follower.gateways()).isEqualTo(leader.gateways());
    assertThat(follower.size(ANN)).isEqualTo(leader.size(ANN));
  }

  private static void agrees(SessionState state, SessionModel model, SessionRecord after) {
    var seen = new HashMap<String, SessionModel.Modelled>();
    state.sessions().forEach((key, session) -> seen.put(key, seen(state, session)));
    assertThat(seen).as("after %s", after).isEqualTo(model.sessions);
    assertThat(state.gateways().keySet()).as("after %s", after).isEqualTo(model.heard.keySet());
    for (var account : List.of(ANN, BOB)) {
      assertThat(state.size(account))
          .isEqualTo(
              model.sessions.values().stream()
                  .filter(session -> session.account().equals(account))
                  .count());
    }
  }

  private static SessionModel.Modelled seen(SessionState state, KeptSession session) {
    var standing = state.standing(session);
    return new SessionModel.Modelled(
        session.account(),
        session.epoch(),
        session.gateway(),
        session.expirySeconds(),
        session.state(),
        session.present(),
        SessionModel.index(standing, 0),
        SessionModel.index(standing, 1),
        session.leftAtMillis(),
        session.subscriptions());
  }
}
