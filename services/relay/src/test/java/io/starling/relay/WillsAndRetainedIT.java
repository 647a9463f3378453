package io.starling.relay;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.append.EventAppender.Outcome;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.health.Health;
import io.starling.contract.AccountId;
import io.starling.contract.BusMessage;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.JournalPosition;
import io.starling.contract.Origin;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.contract.Request;
import io.starling.contract.RetainedReply;
import io.starling.contract.RetainedRequest;
import io.starling.contract.SessionsReply;
import io.starling.contract.SessionsRequest;
import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.State;
import io.starling.contract.SessionsRequest.Will;
import io.starling.contract.SessionsRequest.WillFate;
import io.starling.directory.Directory;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wills and retained messages over a real journal, without any database. */
class WillsAndRetainedIT {
  private static final AccountId ANN = AccountId.of("0123456789abcdef01234567");
  private static final DeviceId DEVICE = DeviceId.of("000000000000000000000001");
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String KEY = DEVICE.toString();
  private static final String RELAY = "node";
  private static final String GATEWAY = "gateway";

  @TempDir Path data;
  private Vertx vertx;
  private Node node;
  private Context context;
  private EventAppender appender;
  private String deployment;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    var meters = new SimpleMeterRegistry();
    node =
        get(
            Node.open(
                RELAY, "region", data, 1, vertx, Sessions.ofThisProcess(), new Health(), meters));
    context = vertx.getOrCreateContext();
    deploy();
    appender =
        onContext(
            () ->
                Future.succeededFuture(
                    new EventAppender(vertx, node.bus(), node.leaders(), 1, LIMIT)));
  }

  @AfterEach
  void stop() throws Exception {
    get(vertx.close());
  }

  private void deploy() throws Exception {
    var nowhere = DatabaseConfig.of("postgresql://nobody@127.0.0.1:1/none");
    var pool = PrimaryPool.open(vertx, "test", nowhere, new SimpleMeterRegistry());
    var directory = new Directory(InstantSource.system());
    var config = new RelayConfig("127.0.0.1", 0, List.of(), Duration.ofHours(3), 0, 1 << 20, 30);
    deployment =
        get(vertx.deployVerticle(new RelayService(node, config, pool, directory, cause -> {})));
  }

  private void restart() throws Exception {
    get(vertx.undeploy(deployment));
    deploy();
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
  private <R extends BusMessage, Q extends Request<R>> R ask(Q request) throws Exception {
    return get(node.bus().ask(request, LIMIT));
  }

  private static Event event(long epoch, long sequence, String topic, String payload) {
    return new Event(
        new EventId(DEVICE, epoch, sequence),
        Origin.DEVICE,
        ANN,
        0,
        topic,
        Buffer.buffer(payload),
        EventClass.NORMAL,
        1,
        Event.Manner.of(1, true));
  }

  private static Will will(long epoch, long delaySeconds) {
    var event = event(epoch, Long.MAX_VALUE, "will", "gone " + epoch);
    return new Will(0, 60, delaySeconds, EventBatch.encode(event));
  }

  @CanIgnoreReturnValue
  private SessionsReply attach(long epoch, boolean clean, long expiry, @Nullable Will will)
      throws Exception {
    return ask(new SessionsRequest.Attach(RELAY, KEY, ANN, epoch, GATEWAY, clean, expiry, will));
  }

  private void over(long epoch, State state, WillFate fate) throws Exception {
    var note = new SessionNote(KEY, epoch, state, List.of()).withWill(fate);
    ask(new SessionsRequest.Note(RELAY, GATEWAY, List.of(), List.of(note)));
  }

  /** The payloads of all that was published. */
  private List<String> published() throws Exception {
    var read = ask(new RelayRequest.Read(RELAY, 0, JournalPosition.START, 1 << 20, 0));
    return EventBatch.decode(((RelayReply.Records) read).events()).stream()
        .map(event -> event.data().toString())
        .toList();
  }

  private void awaitPublished(String... payloads) {
    Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(published()).containsExactly(payloads));
  }

  private List<String> retained(String filter) throws Exception {
    var found = new ArrayList<String>();
    for (String after = ""; after != null; ) {
      var page = (RetainedReply.Found) ask(new RetainedRequest.Find(RELAY, ANN, filter, after, 1));
      EventBatch.decode(page.events()).forEach(event -> found.add(event.name()));
      after = page.next();
    }
    return found;
  }

  private void retain(Event event) throws Exception {
    assertThat(onContext(() -> appender.retain(event))).isInstanceOf(Outcome.Kept.class);
  }

  @Test
  void aWillIsPublishedOnceAndKeptIfItIsToBeRetained() throws Exception {
    assertThat(attach(1, true, 0, will(1, 0))).isInstanceOf(SessionsReply.Attached.class);
    over(1, State.ENDED, WillFate.DUE);

    awaitPublished("gone 1");
    assertThat(retained("#")).containsExactly("will");
    var event =
        EventBatch.decode(
                ((RelayReply.Records)
                        ask(new RelayRequest.Read(RELAY, 0, JournalPosition.START, 1 << 20, 0)))
                    .events())
            .getFirst();
    assertThat(event.publishedAtMillis()).isGreaterThan(1);

    restart();
    ask(new SessionsRequest.Note(RELAY, GATEWAY, List.of(), List.of()));
    awaitPublished("gone 1");
  }

  @Test
  void aWillThatWaitsSurvivesTheRelay() throws Exception {
    attach(1, false, 100, will(1, 1));
    over(1, State.LEFT, WillFate.DUE);
    assertThat(published()).isEmpty();
    restart();
    awaitPublished("gone 1");
  }

  @Test
  void whoTakesASessionOverIsAttachedWhenItsWillIsPublished() throws Exception {
    attach(1, true, 0, will(1, 0));
    assertThat(attach(2, true, 0, will(2, 0))).isInstanceOf(SessionsReply.Attached.class);
    assertThat(published()).containsExactly("gone 1");

    // Its former gateway is late.
    over(1, State.ENDED, WillFate.DUE);
    over(2, State.ENDED, WillFate.NONE);
    attach(3, true, 0, null);
    assertThat(published()).containsExactly("gone 1");
  }

  @Test
  void aDelayedWillIsNotPublishedIfTheSessionGoesOn() throws Exception {
    attach(1, false, 100, will(1, 2));
    over(1, State.LEFT, WillFate.DUE);
    attach(2, false, 100, will(2, 0));
    over(2, State.LEFT, WillFate.DUE);
    awaitPublished("gone 2");
  }

  @Test
  void retainedMessagesAreFoundByFilterInPagesAndSurviveTheRelay() throws Exception {
    long sequence = 0;
    for (String topic : List.of("a", "a/b", "a/b/c", "ab", "b/b", "z")) {
      retain(event(1, ++sequence, topic, "x"));
    }
    retain(event(1, ++sequence, "z", ""));

    restart();
    Awaitility.await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(retained("#")).containsExactly("a", "a/b", "a/b/c", "ab", "b/b"));
    assertThat(retained("a/#")).containsExactly("a", "a/b", "a/b/c");
    assertThat(retained("+/b")).containsExactly("a/b", "b/b");
    assertThat(retained("a")).containsExactly("a");
    assertThat(retained("a/+/c")).containsExactly("a/b/c");
    assertThat(retained("c/#")).isEmpty();
    assertThat(published()).isEmpty();
  }
}
