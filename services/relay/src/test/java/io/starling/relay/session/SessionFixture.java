package io.starling.relay.session;

import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.State;
import io.starling.contract.SessionsRequest.StoredSubscription;
import io.starling.journal.Position;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/** Records and states with one line per fact that matters. */
final class SessionFixture {
  static final AccountId ANN = AccountId.of("0123456789abcdef01234567");
  static final AccountId BOB = AccountId.of("fedcba9876543210fedcba98");
  static final String EAST = "east-1";
  static final String WEST = "west-1";
  static final long HOUR = 3_600;

  private SessionFixture() {}

  /** One position for each shard. */
  static List<JournalPosition> at(long... indexes) {
    return Arrays.stream(indexes).mapToObj(index -> new JournalPosition(index, 0)).toList();
  }

  static List<StoredSubscription> subscriptions(String... filters) {
    return Arrays.stream(filters).map(each -> new StoredSubscription(each, 1, false)).toList();
  }

  static SessionRecord.Attach attach(String key, long epoch, String gateway) {
    return new SessionRecord.Attach(key, ANN, epoch, gateway, false, HOUR, 1_000, null);
  }

  static SessionRecord.Note note(
      String gateway, long atMillis, List<JournalPosition> positions, SessionNote... notes) {
    return new SessionRecord.Note(gateway, positions, List.of(notes), atMillis);
  }

  static SessionNote is(String key, long epoch, State state, long... indexes) {
    return new SessionNote(key, epoch, state, at(indexes));
  }

  static void apply(SessionState state, SessionRecord... records) {
    for (var record : records) {
      state.apply(Position.START, RecordFormat.encode(record));
    }
  }

  /** What another replica has after it was sent a snapshot of this one. */
  static SessionState copy(SessionState state) {
    var copy = new SessionState();
    apply(copy, attach("of before", 1, "of before")); // to be replaced
    try {
      var bytes = new ByteArrayOutputStream();
      state.copy().writeTo(new DataOutputStream(bytes));
      var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
      copy.readFrom(in);
      if (in.read() >= 0) {
        throw new IllegalStateException("not all of the snapshot was read");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }
}
