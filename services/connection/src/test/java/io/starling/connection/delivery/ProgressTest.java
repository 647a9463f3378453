package io.starling.connection.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.connection.delivery.InFlight.Stage;
import io.starling.connection.delivery.Progress.Next;
import io.starling.connection.delivery.Progress.Sent;
import io.starling.contract.DeviceId;
import io.starling.contract.EventId;
import io.starling.contract.JournalPosition;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final JournalPosition AT = new JournalPosition(Long.MAX_VALUE - 1, 7);

  @Test
  void returnsAsItWasWrittenWhereverItStands() {
    var progress =
        new Progress(
            List.of(
                new Sent(65_535, Stage.PUBACK, new Source(255, AT, -1)),
                new Sent(1, Stage.PUBCOMP, null),
                new Sent(2, Stage.PUBREC, new Source(0, JournalPosition.START, 5))),
            List.of(new Next(255, AT, 65_535), new Next(0, JournalPosition.START, 0)));
    var bytes = Buffer.buffer("before");
    progress.writeTo(bytes);

    assertThat(Progress.readFrom(bytes, 6)).isEqualTo(progress);
  }

  @Test
  void whatIsBehindWasSent() {
    var next = new Next(0, new JournalPosition(5, 0), 2);

    assertThat(next.isBehind(new Place(0, new JournalPosition(4, 9)), 7)).isTrue();
    assertThat(next.isBehind(new Place(0, new JournalPosition(5, 0)), 1)).isTrue();
    assertThat(next.isBehind(new Place(0, new JournalPosition(5, 0)), 2)).isFalse();
    assertThat(next.isBehind(new Place(0, new JournalPosition(6, 0)), 0)).isFalse();
  }

  @Test
  void theEventsOfARecordHaveMarksOfTheirOwn() {
    var device = DeviceId.of("0123456789abcdef01234567");
    var marks = new HashSet<Integer>();
    for (int sequence = 1; sequence <= 5_000; sequence++) {
      marks.add(Source.mark(new EventId(device, 1_700_000_000_000L << 16, sequence)));
    }
    assertThat(marks).hasSize(5_000);
  }
}
