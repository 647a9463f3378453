package io.starling.testing.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.testing.history.CallRecord;
import io.starling.testing.history.CallRecord.Failed;
import io.starling.testing.history.CallRecord.Returned;
import io.starling.testing.history.Demand;
import io.starling.testing.history.Demand.Span;
import io.starling.testing.history.Observation;
import io.starling.testing.history.Recovery;
import io.starling.testing.history.SinkRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each check, on a history by hand in which it has to fire, and on one in which it must not. */
class CheckerTest {

  @Test
  void findsNothingInAGoodHistory() {
    var story =
        new Story()
            .publishesAcked(0, 1)
            .publishes(0, 1)
            .publishesAcked(0, 2)
            .publishesAcked(1, 1)
            // The second was never acknowledged: it may come late, twice or not at all.
            .shows("webhook", "0-0", "1-0", "0-2", "0-1", "0-1", "0-0")
            .shows("rows", "0-0", "0-2", "1-0")
            .calls(7, 1, new Returned(CallRecord.answer(7, 1)))
            .runs(7, 1)
            .calls(8, 1, new Failed("timed out"))
            .runs(8, 1)
            .calls(9, 0, new Failed("timed out"))
            .owns(0, 100, 1, "node-1")
            .owns(0, 200, 2, "node-2")
            .owns(0, 200, 2, "node-2")
            .uses("node-1", 500, 600);
    assertThat(story.violations()).isEmpty();
  }

  @Test
  void namesEachAcknowledgedEventThatASinkLacks() {
    var story =
        new Story()
            .publishesAcked(0, 1)
            .publishesAcked(0, 1)
            .publishes(0, 1)
            .shows("webhook", "0-0", "0-1")
            .shows("rows", "0-1");
    assertThat(story.violations())
        .containsExactly(
            "nothing acknowledged is lost: event 0-0 of session 1, published at 0.0 s, is missing"
                + " at rows");
  }

  @Test
  void asksALiveStreamOnlyForWhatHappenedWhileItWasOpen() {
    var story = new Story().publishesAcked(0, 1);
    var open = story.now();
    story.publishesAcked(0, 1).publishesAcked(0, 1);
    var closed = story.now();
    story.publishesAcked(0, 1);
    var demand = new Demand.Within(List.of(new Span(open, closed)));
    story.shows("stream", demand, true, "0-2");
    assertThat(story.violations())
        .containsExactly(
            "nothing acknowledged is lost: event 0-1 of session 1, published at 0.0 s, is missing"
                + " at stream");
  }

  @Test
  void noticesAnEventThatNobodySent() {
    var story = new Story().publishesAcked(0, 1).shows("rows", "0-0", "0-1", "5-0");
    assertThat(story.violations())
        .containsExactly(
            "nothing arrives that nobody sent: rows received event 0-1",
            "nothing arrives that nobody sent: rows received event 5-0");
  }

  @Test
  void noticesAnEventOfAnotherRunAndOneThatIsNoEvent() {
    var story = new Story().publishesAcked(0, 1);
    var sent = story.event(0, 0).invokedNanos();
    story.shows(
        new SinkRecord(
            "stream",
            new Demand.Everything(),
            true,
            List.of(new Observation(0, 0, sent, 1), new Observation(0, 0, sent + 5, 2)),
            List.of("\"what?\"")));
    assertThat(story.violations())
        .containsExactly(
            "nothing arrives that nobody sent: stream received \"what?\"",
            "nothing arrives that nobody sent: stream received event 0-0");
  }

  @Test
  void noticesThatEventsOfASessionChangedPlaces() {
    var story =
        new Story()
            .publishes(0, 1)
            .publishes(0, 1)
            .acks(0, 0)
            .acks(0, 1)
            .shows("stream", "0-1", "0-0", "0-1");
    assertThat(story.violations())
        .containsExactly(
            "events of a device keep their order: stream has event 0-1 before 0-0, which precedes"
                + " it");
  }

  @Test
  void noticesThatAnEventOvertookOneAcknowledgedBeforeItWasSent() {
    var story = new Story().publishesAcked(0, 1).publishesAcked(0, 2).shows("stream", "0-1", "0-0");
    assertThat(story.violations())
        .containsExactly(
            "events of a device keep their order: stream has event 0-1 before 0-0, which precedes"
                + " it");
  }

  @Test
  void leavesSessionsThatOverlapInAnyOrderAndSinksWithoutOrderAlone() {
    var overlapping =
        new Story()
            .publishes(0, 1)
            .publishes(0, 2)
            .acks(0, 1)
            .acks(0, 0)
            .shows("stream", "0-1", "0-0");
    assertThat(overlapping.violations()).isEmpty();
    var webhook =
        new Story()
            .publishesAcked(0, 1)
            .publishesAcked(0, 1)
            .shows("webhook", new Demand.Everything(), false, "0-1", "0-0");
    assertThat(webhook.violations()).isEmpty();
  }

  @Test
  void noticesAReplyToAnotherCall() {
    var story =
        new Story()
            .calls(1, 0, new Returned(CallRecord.answer(2, 0)))
            .runs(1, 0)
            .calls(2, 0, new Returned(CallRecord.answer(2, 0)))
            .runs(2, 0);
    assertThat(story.violations())
        .containsExactly(
            "replies match their calls: call 1 to device 0 returned 2018 instead of 1009");
  }

  @Test
  void noticesCallsThatRanTwiceElsewhereOrNotAtAll() {
    var story =
        new Story()
            .calls(1, 0, new Failed("timed out"))
            .runs(1, 0)
            .runs(1, 0)
            .calls(2, 0, new Failed("timed out"))
            .runs(2, 3)
            .runs(9, 0)
            .calls(3, 0, new Returned(CallRecord.answer(3, 0)));
    assertThat(story.violations())
        .containsExactly(
            "replies match their calls: device 0 ran call 1 twice",
            "replies match their calls: device 3 ran call 2, which was not made to it",
            "replies match their calls: device 0 ran call 9, which was not made to it",
            "replies match their calls: call 3 returned and device 0 never ran it");
  }

  @Test
  void noticesTwoOwnersOfAnEpochButNotAnEpochThatIsRaised() {
    var story =
        new Story()
            .owns(0, 100, 1, "node-1")
            .owns(0, 100, 2, "node-2")
            .owns(1, 300, 1, "node-1")
            .owns(1, 301, 1, "node-1");
    assertThat(story.violations())
        .containsExactly(
            "one owner for each device and epoch: device 0 was held in epoch 100 by node-1 (session"
                + " 1) and by node-2 (session 2)");
  }

  @Test
  void noticesWhatComesBackLateAndWhatDoesNot() {
    var story =
        new Story()
            .recovers(
                new Recovery(
                    "kill of node-1",
                    List.of(
                        new Recovery.Step(
                            "first acknowledgement", Duration.ofMillis(2_900), limit(3)),
                        new Recovery.Step("streams", Duration.ofMillis(10_100), limit(10)),
                        new Recovery.Step("normal", null, limit(8)))));
    assertThat(story.violations())
        .containsExactly(
            "faults are overcome in time: kill of node-1: streams took 10.1 s, at most 10.0 s are"
                + " allowed",
            "faults are overcome in time: kill of node-1: normal did not come back, at most 8.0 s"
                + " are allowed");
  }

  @Test
  void noticesMemoryBeyondItsBoundOnceForEachProcess() {
    var story =
        new Story()
            .uses("node-1", 700L << 20, 800L << 20)
            .uses("node-1", 900L << 20, 800L << 20)
            .uses("node-1", 850L << 20, 800L << 20)
            .uses("node-2", 100L << 20, 800L << 20);
    assertThat(story.violations())
        .containsExactly("memory is bounded: node-1 had 900 MiB, at most 800 are allowed");
  }

  private static Duration limit(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
