package io.starling.relay.session;

import static io.starling.relay.session.SessionFixture.ANN;
import static io.starling.relay.session.SessionFixture.at;
import static io.starling.relay.session.SessionFixture.is;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.State;
import io.starling.contract.SessionsRequest.StoredSubscription;
import io.starling.contract.SessionsRequest.Will;
import io.starling.contract.SessionsRequest.WillFate;
import io.starling.relay.session.SessionRecord.Attach;
import io.starling.relay.session.SessionRecord.Discard;
import io.starling.relay.session.SessionRecord.Expire;
import io.starling.relay.session.SessionRecord.Expired;
import io.starling.relay.session.SessionRecord.Note;
import io.starling.relay.session.SessionRecord.Subscribe;
import io.starling.relay.session.SessionRecord.Supersede;
import io.starling.relay.session.SessionRecord.WillSent;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordFormatTest {
  private static void returns(SessionRecord record) {
    assertThat(RecordFormat.decode(RecordFormat.encode(record))).isEqualTo(record);
  }

  @Test
  void everyRecordReturnsAsItWas() {
    returns(new Attach("ä/\ud83d\ude00", ANN, -1, "gateway", true, 0xFFFF_FFFFL, 7, null));
    returns(
        new Subscribe(
            "a",
            3,
            List.of(
                new StoredSubscription("x/#", 0, true),
                new StoredSubscription("$y", 1, false),
                new StoredSubscription("z", 2, true, true, 2, 268_435_455)),
            at(1, 2, 3)));
    returns(
        new Note(
            "gateway",
            at(1),
            List.of(
                is("a", 1, State.LIVE),
                is("b", 2, State.BEHIND, 4),
                is("c", 3, State.LEFT, 5, 6),
                is("d", 4, State.ENDED)),
            9));
    returns(
        new Note(
            "gateway",
            at(1),
            List.of(
                is("a", 1, State.LIVE),
                new SessionNote("b", 2, State.LEFT, at(4), 60, Buffer.buffer("under way")),
                new SessionNote("c", 3, State.LEFT, at(5), 0, Buffer.buffer())),
            9));
    returns(new Discard("a", Long.MAX_VALUE));
    returns(new Expire(5, List.of(new Expired("a", 1), new Expired("b", 2)), List.of()));
  }

  @Test
  void everyRecordOfAWillReturnsAsItWas() {
    var will = new Will(2, 60, 0xFFFF_FFFFL, Buffer.buffer("event"));
    returns(new Attach("a", ANN, 1, "gateway", true, 0, 7, will));
    returns(
        new Note(
            "gateway",
            at(1),
            List.of(
                is("a", 1, State.LIVE),
                is("b", 2, State.ENDED).withWill(WillFate.DUE),
                is("c", 3, State.LEFT, 5).withWill(WillFate.DEFERRED)),
            9));
    returns(new Expire(5, List.of(new Expired("a", 1)), List.of(new Expired("b", 2))));
    returns(new Supersede("a", 5, true, 9));
    returns(new WillSent("a", 5));
  }

  @Test
  void whatSaysNoMoreIsWrittenAsBefore() {
    var note = new Note("gateway", at(1), List.of(is("c", 3, State.LEFT, 5, 6)), 9);
    assertThat(RecordFormat.encode(note).getByte(0)).isEqualTo((byte) 1);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> RecordFormat.decode(Buffer.buffer(new byte[] {4, 1})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("version 4");
    assertThatThrownBy(() -> RecordFormat.decode(Buffer.buffer(new byte[] {1, 8})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("kind 8");
    assertThatThrownBy(() -> RecordFormat.decode(Buffer.buffer(new byte[] {1, 4, 0})))
        .isInstanceOf(UncheckedIOException.class);
  }
}
