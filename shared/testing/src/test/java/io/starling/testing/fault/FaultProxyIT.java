package io.starling.testing.fault;

import static io.starling.testing.Await.done;
import static io.starling.testing.Await.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyIT {
  private final Vertx vertx = Vertx.vertx();
  private volatile Buffer echoed = Buffer.buffer();
  private final AtomicBoolean closed = new AtomicBoolean();
  private FaultProxy proxy;

  @BeforeEach
  void open() {
    var echo = vertx.createNetServer().connectHandler(s -> s.handler(s::write));
    done(echo.listen(0, "127.0.0.1"));
    proxy = get(FaultProxy.open(vertx, echo.actualPort()));
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void passesEverythingOnUnchanged() {
    var bytes = new byte[3_000_000];
    new Random(1).nextBytes(bytes);
    connect().write(Buffer.buffer(bytes));
    await().until(() -> echoed.length() == bytes.length);
    assertThat(echoed.getBytes()).isEqualTo(bytes);
    assertThat(proxy.bytes(Direction.UPSTREAM)).isEqualTo(bytes.length);
  }

  @Test
  void cutsWhatStandsAndWelcomesWhatComes() {
    var _ = connect();
    await().until(() -> proxy.connections() == 1);
    proxy.cut();
    await().until(closed::get);
    connect().write("again");
    await().untilAsserted(() -> assertThat(echoed).hasToString("again"));
    assertThat(proxy.accepted()).isEqualTo(2);
  }

  @Test
  void holdsAnswersUntilReleased() {
    var socket = connect();
    proxy.hold(Direction.DOWNSTREAM);
    socket.write("held");
    await().until(() -> proxy.bytes(Direction.UPSTREAM) == 4);
    await()
        .during(Duration.ofMillis(100))
        .untilAsserted(() -> assertThat(echoed.length()).isZero());
    proxy.release();
    await().untilAsserted(() -> assertThat(echoed).hasToString("held"));
    assertThat(closed).isFalse();
  }

  @Test
  void cutsBehindTheByteThatItWasTold() {
    proxy.cutAfter(Direction.DOWNSTREAM, 5);
    connect().write("cut in half");
    await().until(closed::get);
    assertThat(echoed).hasToString("cut i");
  }

  @Test
  void slowsDownToItsRate() {
    proxy.slow(Direction.UPSTREAM, 10_000);
    var started = System.nanoTime();
    connect().write(Buffer.buffer(new byte[5_000]));
    await().until(() -> echoed.length() == 5_000);
    assertThat(Duration.ofNanos(System.nanoTime() - started))
        .isBetween(Duration.ofMillis(450), Duration.ofMillis(3_000));
  }

  @Test
  void delaysInOrder() {
    proxy.delay(Direction.DOWNSTREAM, Duration.ofMillis(200));
    var started = System.nanoTime();
    var socket = connect();
    socket.write("a");
    socket.write("b");
    await().untilAsserted(() -> assertThat(echoed).hasToString("ab"));
    assertThat(System.nanoTime() - started).isGreaterThan(199_000_000);
  }

  @Test
  void refusesNewConnectionsWhileTold() {
    proxy.refuse(true);
    var refused = connect();
    // It may be over before anybody listens for that.
    await().until(() -> closed.get() || cannotWrite(refused));
    proxy.refuse(false);
    connect().write("welcome");
    await().untilAsserted(() -> assertThat(echoed).hasToString("welcome"));
  }

  private static boolean cannotWrite(NetSocket socket) {
    return get(socket.write(".").transform(written -> Future.succeededFuture(written.failed())));
  }

  private NetSocket connect() {
    closed.set(false);
    return get(vertx.createNetClient().connect(proxy.port(), "127.0.0.1").map(this::watch));
  }

  private NetSocket watch(NetSocket socket) {
    socket.handler(bytes -> echoed = echoed.copy().appendBuffer(bytes));
    socket.closeHandler(_ -> closed.set(true));
    return socket;
  }
}
