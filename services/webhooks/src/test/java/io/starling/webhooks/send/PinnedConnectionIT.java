package io.starling.webhooks.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.testing.server.TestKeys;
import io.starling.webhooks.connect.PrivateTargets;
import io.starling.webhooks.send.Attempt.Delivered;
import io.starling.webhooks.send.Attempt.Impossible;
import io.starling.webhooks.send.Attempt.Refused;
import io.starling.webhooks.send.Attempt.Unavailable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PfxOptions;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests go to the address that was looked at, whatever name servers and endpoints say. */
final class PinnedConnectionIT {
  private static final Impossible PRIVATE = new Impossible("url leads to a private address");

  @Test
  void goesToTheAddressThatWasLookedAtAndAsksNobodyAgain() {
    try (var outside = new Outside(PrivateTargets.LOOPBACK)) {
      Queue<String> hosts = new ConcurrentLinkedQueue<>();
      int port = outside.serve("127.0.0.1", 0, request -> taken(request, hosts));
      outside.resolves("127.0.0.1");
      outside.resolves("10.0.0.1");
      String url = "http://rebind.invalid:" + port + "/";
      assertThat(outside.post(url).attempt()).isEqualTo(new Delivered(200));
      assertThat(outside.asked).containsExactly("rebind.invalid");
      assertThat(outside.post(url).attempt()).isEqualTo(PRIVATE);
      assertThat(hosts).containsExactly("rebind.invalid:" + port);
    }
  }

  private static void taken(HttpServerRequest request, Queue<String> hosts) {
    hosts.add(request.authority().toString());
    var _ = request.response().end();
  }

  @Test
  void keepsNoConnectionForAHostThatHasMoved() {
    try (var outside = new Outside(PrivateTargets.LOOPBACK)) {
      var old = new AtomicInteger();
      var moved = new AtomicInteger();
      int port = outside.serve("127.0.0.1", 0, request -> counted(request, old));
      int same = outside.serve("127.0.0.2", port, request -> counted(request, moved));
      outside.resolves("127.0.0.1");
      outside.resolves("127.0.0.2");
      String url = "http://moves.invalid:" + same + "/";
      assertThat(outside.post(url).attempt()).isEqualTo(new Delivered(200));
      assertThat(outside.post(url).attempt()).isEqualTo(new Delivered(200));
      assertThat(old).hasValue(1);
      assertThat(moved).hasValue(1);
    }
  }

  private static void counted(HttpServerRequest request, AtomicInteger count) {
    count.incrementAndGet();
    var _ = request.response().end();
  }

  @Test
  void refusesAHostThatHasAnyPrivateAddress() {
    try (var outside = new Outside(PrivateTargets.LOOPBACK)) {
      var taken = new AtomicInteger();
      int port = outside.serve("127.0.0.1", 0, request -> counted(request, taken));
      outside.resolves("127.0.0.1", "fd00::1");
      assertThat(outside.post("http://both.invalid:" + port + "/").attempt()).isEqualTo(PRIVATE);
      assertThat(taken).hasValue(0);
    }
  }

  @Test
  void triesTheOtherAddressesAndStaysWithTheOneThatAnswered() {
    try (var outside = new Outside(PrivateTargets.LOOPBACK)) {
      var taken = new AtomicInteger();
      int port = outside.serve("127.0.0.1", 0, request -> counted(request, taken));
      outside.resolves("127.0.0.3", "127.0.0.4", "127.0.0.1");
      String url = "http://several.invalid:" + port + "/";
      assertThat(outside.post(url).attempt()).isEqualTo(new Delivered(200));
      // On the connection that was kept, which is that of the last address.
      var again = outside.post(url);
      assertThat(again.attempt()).isEqualTo(new Delivered(200));
      assertThat(again.timing().connectMillis()).isZero();
      assertThat(taken).hasValue(2);
    }
  }

  @Test
  void goesToIpv6AddressesOfNamesAndAsTheyAreWritten() {
    try (var outside = new Outside(PrivateTargets.LOOPBACK)) {
      Queue<String> hosts = new ConcurrentLinkedQueue<>();
      int port = outside.serve("::1", 0, request -> taken(request, hosts));
      outside.resolves("::1");
      for (String host : List.of("[::1]", "six.invalid")) {
        assertThat(outside.post("http://" + host + ":" + port + "/").attempt())
            .isEqualTo(new Delivered(200));
      }
      assertThat(hosts).containsExactly("[::1]:" + port, "six.invalid:" + port);
    }
  }

  @Test
  void followsNoRedirects() {
    try (var outside = new Outside(PrivateTargets.LOOPBACK)) {
      var inside = new AtomicInteger();
      int secret = outside.serve("127.0.0.1", 0, request -> counted(request, inside));
      int port =
          outside.serve(
              "127.0.0.1",
              0,
              request -> {
                String there = "http://127.0.0.1:" + secret + "/";
                int status = Integer.parseInt(request.path().substring(1));
                var _ = request.response().setStatusCode(status).putHeader("location", there).end();
              });
      outside.resolves("127.0.0.1");
      for (int status : List.of(301, 302, 303, 307, 308)) {
        assertThat(outside.post("http://away.invalid:" + port + "/" + status).attempt())
            .isEqualTo(new Refused(status));
      }
      assertThat(inside).hasValue(0);
    }
  }

  @Test
  void endsInTimeWhereTheNameServerDoesNotAnswer() {
    try (var outside = new Outside(PrivateTargets.NONE)) {
      Promise<List<InetAddress>> never = Promise.promise();
      outside.use(_ -> never.future(), Duration.ofMillis(400));
      var exchanged = outside.post("http://slow.invalid/");
      assertThat(exchanged.attempt()).isEqualTo(new Unavailable("no answer in time", null));
      assertThat(exchanged.timing().resolveMillis()).isGreaterThanOrEqualTo(400);
      assertThat(exchanged.timing().connectMillis()).isZero();
    }
  }

  @Test
  void tellsWhatTheTimeWentInto(@TempDir Path folder) {
    var keys = TestKeys.make(folder, "localhost");
    var pfx = new PfxOptions().setPath(keys.file().toString()).setPassword(keys.password());
    try (var outside = new Outside(PrivateTargets.LOOPBACK)) {
      int port =
          outside.serve(
              new HttpServerOptions().setSsl(true).setKeyCertOptions(pfx),
              "127.0.0.1",
              0,
              request -> {
                var _ = outside.vertx().setTimer(60, _ -> end(request.response().end()));
              });
      outside.use(
          _ -> {
            Promise<List<InetAddress>> later = Promise.promise();
            outside
                .vertx()
                .setTimer(40, _ -> later.complete(List.of(InetAddress.ofLiteral("127.0.0.1"))));
            return later.future();
          },
          Duration.ofSeconds(10));
      var hook =
          Outside.hook(
              new JsonObject()
                  .put("url", "https://timed.invalid:" + port + "/")
                  .put("rejectUnauthorized", false));
      var first = outside.post(hook, "{}").timing();
      assertThat(first.resolveMillis()).isGreaterThanOrEqualTo(39);
      assertThat(first.tlsMillis()).isPositive();
      assertThat(first.firstByteMillis()).isGreaterThanOrEqualTo(59);
      assertThat(first.resolveMillis() + first.connectMillis() + first.tlsMillis())
          .isLessThanOrEqualTo(first.totalMillis() - first.firstByteMillis() + 3);
      var second = outside.post(hook, "{}").timing();
      assertThat(second.connectMillis()).isZero();
      assertThat(second.tlsMillis()).isZero();
      assertThat(second.firstByteMillis()).isGreaterThanOrEqualTo(59);
    }
  }

  private static void end(Future<Void> ended) {
    var _ = ended.onFailure(_ -> {});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0x7F.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://0/",
        "http://0.0.0.0/",
        "http://127.0.0.1./",
        "http://127.0.0.01/",
        "http://1.2.3.4.5/",
        "http://a.0x7f/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[0:0:0:0:0:ffff:7f00:0001]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b:1::1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://[::1%lo]/",
        "http://user@127.0.0.1/",
        "http://user:pass@example.com/",
        "http://example.com@127.0.0.1/",
        "http://127.0.0.1#@example.com/",
        "http://127.0.0.1\\@example.com/",
        "http://①②⑦.⓪.⓪.①/",
        "http://１２７.0.0.1/",
        "http://127。0。0。1/",
        "http://ⓛocalhost/",
        "http://bücher.example/",
        "http://xn--bcher-kva.invalid/",
        "http://localhost/",
        "http://localhost./",
        "http://LOCALHOST/",
        "http://loc%61lhost/",
        "http://%31%32%37.0.0.1/",
        "http:///etc/passwd",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "//127.0.0.1/",
        "http:127.0.0.1/",
        "http://a b/",
        "http://exa\tmple.com/"
      })
  void nevermindsHowAPrivateTargetIsSpelled(String url) {
    try (var outside = new Outside(PrivateTargets.NONE)) {
      // Every name leads inside.
      outside.resolves("127.0.0.1");
      var hook = Outside.hook("{{{url}}}");
      var attempt = outside.post(hook, new JsonObject().put("url", url).encode()).attempt();
      assertThat(attempt).isInstanceOf(Impossible.class);
    }
  }
}
