package io.starling.relay.session;

import static io.starling.relay.session.SessionFixture.ANN;
import static io.starling.relay.session.SessionFixture.EAST;
import static io.starling.relay.session.SessionFixture.HOUR;
import static io.starling.relay.session.SessionFixture.WEST;
import static io.starling.relay.session.SessionFixture.at;
import static io.starling.relay.session.SessionFixture.is;
import static io.starling.relay.session.SessionFixture.subscriptions;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.SessionsReply;
import io.starling.contract.SessionsRequest;
import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.State;
import io.starling.journal.Journal;
import io.starling.journal.JournalConfig;
import io.starling.journal.JournalLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of sessions over a real journal. */
class SessionLogIT {
  private static final String RELAY = "node";
  private static final long START = 1_000_000_000_000L;

  @TempDir Path folder;
  private final AtomicLong clock = new AtomicLong(START);
  private SimpleMeterRegistry meters;
  private Vertx vertx;
  private Context context;
  private @Nullable Journal journal;
  private EventAppender appender;
  private SessionLog sessions;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    context = vertx.getOrCreateContext();
    var bus = new Bus(vertx);
    var leaders = get(ShardLeaders.open(bus));
    appender =
        onContext(
            () ->
                Future.succeededFuture(
                    new EventAppender(vertx, bus, leaders, 1, Duration.ofSeconds(1))));
    open();
  }

  @AfterEach
  void stop() throws Exception {
    close();
    get(vertx.close());
  }

  private void open() throws Exception {
    var opening = new SessionLog.Opening();
    meters = new SimpleMeterRegistry();
    var config =
        JournalConfig.of(folder, List.of(opening.config())).disk(0, 1 << 20, 1 << 20).build();
    var opened = get(Journal.open(vertx, config, new SimpleMeterRegistry()));
    journal = opened;
    sessions = opening.over(log(), appender, time(), meters);
  }

  private InstantSource time() {
    return () -> Instant.ofEpochMilli(clock.get());
  }

  private JournalLog log() {
    return Objects.requireNonNull(journal).log(SessionLog.NAME);
  }

  private void close() throws Exception {
    if (journal != null) {
      get(journal.close());
      journal = null;
    }
  }

  @CanIgnoreReturnValue
  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }

  @CanIgnoreReturnValue
  private <T> T onContext(Supplier<Future<T>> work) throws Exception {
    var result = new CompletableFuture<T>();
    context.runOnContext(
        now -> work.get().onSuccess(result::complete).onFailure(result::completeExceptionally));
    return result.get(30, SECONDS);
  }

  @CanIgnoreReturnValue
  private SessionsReply ask(SessionsRequest request) throws Exception {
    return onContext(() -> sessions.answer(request));
  }

  private static SessionsRequest.Attach attach(String key, long epoch, String gateway) {
    return new SessionsRequest.Attach(RELAY, key, ANN, epoch, gateway, false, HOUR);
  }

  private static SessionsRequest.Subscribe subscribe(String key, long epoch, String filter) {
    return new SessionsRequest.Subscribe(RELAY, key, epoch, subscriptions(filter), at(5, 5));
  }

  private static SessionsRequest.Note note(String gateway, long index, SessionNote... notes) {
    return new SessionsRequest.Note(RELAY, gateway, at(index, index), Arrays.asList(notes));
  }

  private int turns(long seconds) throws Exception {
    int over = 0;
    for (long left = seconds; left > 0; left -= 10) {
      long now = clock.addAndGet(10_000);
      over += onContext(() -> sessions.turn(now));
    }
    return over;
  }

  @Test
  void aSessionGoesOnAtAnotherGatewayAfterARestart() throws Exception {
    assertThat(ask(attach("a", 1, EAST)))
        .isEqualTo(new SessionsReply.Attached(false, List.of(), List.of()));
    assertThat(ask(subscribe("a", 1, "temp/+"))).isInstanceOf(SessionsReply.Kept.class);
    assertThat(ask(note(EAST, 10, is("a", 1, State.LIVE)))).isInstanceOf(SessionsReply.Noted.class);
    ask(note(EAST, 12));

    close();
    open();
    var resumed = new SessionsReply.Attached(true, subscriptions("temp/+"), at(12, 12));
    assertThat(ask(attach("a", 2, WEST))).isEqualTo(resumed);
    assertThat(ask(attach("a", 2, WEST))).as("sent twice").isEqualTo(resumed);
    assertThat(ask(attach("a", 1, EAST))).isEqualTo(new SessionsReply.Superseded(2));
    assertThat(ask(subscribe("a", 1, "late"))).isInstanceOf(SessionsReply.Gone.class);
    assertThat(meters.get("starling.relay.sessions").gauge().value()).isEqualTo(1);
  }

  @Test
  void aFirstAttachThatIsSentTwiceFindsNothingTwice() throws Exception {
    var first = ask(attach("a", 1, EAST));

    assertThat(ask(attach("a", 1, EAST))).isEqualTo(first);
  }

  @Test
  void discardsWhatIsBelowItsEpochAndWritesNothingIfThereIsNothing() throws Exception {
    ask(attach("a", 5, EAST));
    var end = log().committedEnd();
    assertThat(ask(new SessionsRequest.Discard(RELAY, "b", 9)))
        .isInstanceOf(SessionsReply.Discarded.class);
    assertThat(ask(new SessionsRequest.Discard(RELAY, "a", 5)))
        .isInstanceOf(SessionsReply.Discarded.class);
    assertThat(log().committedEnd()).isEqualTo(end);
    assertThat(sessions.size()).isEqualTo(1);

    ask(new SessionsRequest.Discard(RELAY, "a", 6));
    assertThat(sessions.size()).isZero();
  }

  @Test
  void discardsWhatIsStillOnItsWay() throws Exception {
    onContext(
        () ->
            Future.all(
                sessions.answer(attach("a", 5, EAST)),
                sessions.answer(new SessionsRequest.Discard(RELAY, "a", 6))));

    assertThat(sessions.size()).isZero();
  }

  @Test
  void expiresWhoHasLeftAndWhoseGatewayIsSilent() throws Exception {
    ask(new SessionsRequest.Attach(RELAY, "left", ANN, 1, EAST, false, 30));
    ask(new SessionsRequest.Attach(RELAY, "silent", ANN, 1, WEST, false, 90));
    ask(attach("kept", 1, EAST));
    ask(note(EAST, 1, is("left", 1, State.LEFT)));

    assertThat(turns(20)).isZero();
    assertThat(turns(10)).isEqualTo(1);
    assertThat(turns(50)).isZero();
    assertThat(turns(10)).isEqualTo(1);
    assertThat(sessions.size()).isEqualTo(1);
    assertThat(sessions.gateways()).isEqualTo(1);
  }

  @Test
  void refusesWhatIsTooLarge() {
    var notes = Collections.nCopies(1_001, is("a", 1, State.LIVE));
    assertThatThrownBy(() -> ask(new SessionsRequest.Note(RELAY, EAST, at(1), notes)))
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ask(subscribe("a", 1, "x".repeat(1_025))))
        .hasCauseInstanceOf(IllegalArgumentException.class);
    var many = Collections.nCopies(101, subscriptions("x").getFirst());
    assertThatThrownBy(() -> ask(new SessionsRequest.Subscribe(RELAY, "a", 1, many, List.of())))
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anAccountIsFullAtTenThousandButWhatItHasGoesOn() throws Exception {
    onContext(
        () -> {
          var attached = new ArrayList<Future<SessionsReply>>();
          for (int i = 0; i < SessionLimits.MAX_SESSIONS_OF_ACCOUNT; i++) {
            attached.add(sessions.answer(attach("s" + i, 1, EAST)));
          }
          return Future.all(attached);
        });

    assertThat(ask(attach("one more", 1, EAST))).isInstanceOf(SessionsReply.Full.class);
    assertThat(ask(attach("s0", 2, WEST))).isInstanceOf(SessionsReply.Attached.class);
    ask(note(WEST, 1, is("s0", 2, State.ENDED)));
    assertThat(ask(attach("one more", 1, EAST))).isInstanceOf(SessionsReply.Attached.class);
  }

  @Test
  void whoDoesNotLeadSaysSo() throws Exception {
    close();

    assertThat(ask(attach("a", 1, EAST))).isInstanceOf(SessionsReply.NotLeader.class);
    assertThat(ask(new SessionsRequest.Discard(RELAY, "a", 1)))
        .isInstanceOf(SessionsReply.NotLeader.class);
    assertThat(turns(10)).isZero();
  }
}
