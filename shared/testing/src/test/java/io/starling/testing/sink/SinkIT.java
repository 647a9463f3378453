package io.starling.testing.sink;

import static io.starling.testing.Await.done;
import static io.starling.testing.Await.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SinkIT {
  private final Vertx vertx = Vertx.vertx();
  private WebhookSink sink;

  @BeforeEach
  void open() {
    sink = get(WebhookSink.open(vertx));
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void recordsWhatItReceivesAndAnswersAsTold() {
    assertThat(get(post("one"))).isEqualTo("200 ");
    sink.answer(503);
    assertThat(get(post("two"))).isEqualTo("503 ");
    sink.answer(d -> d.text().equals("three") ? Reply.status(201) : Reply.status(400));
    assertThat(get(post("three"))).isEqualTo("201 ");
    assertThat(sink.bodies()).containsExactly("one", "two", "three");
    assertThat(sink.deliveries().getLast().number()).isEqualTo(2);
    assertThat(sink.deliveries().getLast().method()).isEqualTo("POST");
  }

  @Test
  void hangsWhenTold() {
    sink.answer(new Reply.Hang());
    var answer = post("x").timeout(300, TimeUnit.MILLISECONDS);
    await().until(answer::isComplete);
    assertThat(answer.failed()).isTrue();
    assertThat(sink.count()).isEqualTo(1);
  }

  @Test
  void dripsABodyByteByByte() {
    sink.answer(new Reply.Drip(200, Buffer.buffer("drop"), Duration.ofMillis(30)));
    var started = System.nanoTime();
    assertThat(get(post("x"))).isEqualTo("200 drop");
    assertThat(System.nanoTime() - started).isGreaterThan(120_000_000);
  }

  @Test
  void cutsTheConnectionWhenTold() {
    sink.answer(new Reply.Cut());
    var answer = post("x");
    await().until(answer::isComplete);
    assertThat(answer.failed()).isTrue();
  }

  @Test
  void keepsNoMoreThanItsCapacityButCountsOn() {
    var small = get(WebhookSink.open(vertx, 0, 2));
    for (var i = 0; i < 3; i++) {
      done(post(small.url(), "" + i));
    }
    assertThat(small.bodies()).containsExactly("0", "1");
    assertThat(small.count()).isEqualTo(3);
  }

  @Test
  void readsAStreamAndComesBackWithTheLastId() {
    List<String> lastIds = new CopyOnWriteArrayList<>();
    var server = vertx.createHttpServer().requestHandler(r -> serve(r, lastIds));
    done(server.listen(0, "127.0.0.1"));
    var url = "http://127.0.0.1:" + server.actualPort() + "/v1/events?access_token=t";

    var reader = get(SseReader.open(vertx, url, SseReader.Options.DEFAULT.reconnecting()));

    await().until(() -> reader.connections() >= 3);
    done(reader.close());
    assertThat(lastIds.subList(0, 3)).containsExactly("none", "1", "2");
    assertThat(reader.data().subList(0, 2)).containsExactly("after none", "after 1");
  }

  @Test
  void leavesASilentStreamForTheNextNode() {
    var silent =
        vertx
            .createHttpServer()
            .requestHandler(r -> r.response().setChunked(true).write(": hello\n\n"));
    var second = vertx.createHttpServer().requestHandler(r -> serve(r, new ArrayList<>()));
    done(silent.listen(0, "127.0.0.1"));
    done(second.listen(0, "127.0.0.1"));
    var next = "http://127.0.0.1:" + second.actualPort() + "/";
    var options = SseReader.Options.DEFAULT.reconnectingTo(List.of(next), Duration.ofMillis(300));
    var told = new CopyOnWriteArrayList<Boolean>();

    var reader = get(SseReader.open(vertx, "http://127.0.0.1:" + silent.actualPort(), options));
    reader.onConnection(told::add);

    await().until(() -> reader.data().contains("after none"));
    await().untilAsserted(() -> assertThat(told).startsWith(true, false, true));
    done(reader.close());
  }

  @Test
  void failsToOpenAStreamThatIsRefused() {
    var server =
        vertx.createHttpServer().requestHandler(r -> r.response().setStatusCode(401).end("no"));
    done(server.listen(0, "127.0.0.1"));
    var opened = SseReader.open(vertx, "http://127.0.0.1:" + server.actualPort() + "/");
    await().until(opened::isComplete);
    assertThat(opened.cause()).hasMessageContaining("401").hasMessageContaining("no");
  }

  private static void serve(HttpServerRequest request, List<String> lastIds) {
    var last = request.getHeader("last-event-id");
    lastIds.add(last == null ? "none" : last);
    request
        .response()
        .putHeader("content-type", "text/event-stream")
        .end("retry: 5\nid: " + lastIds.size() + "\ndata: after " + lastIds.getLast() + "\n\n");
  }

  private Future<String> post(String body) {
    return post(sink.url(), body);
  }

  private Future<String> post(String url, String body) {
    var client = vertx.createHttpClient();
    return client
        .request(new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(url))
        .compose(r -> r.send(body))
        .compose(r -> r.body().map(b -> r.statusCode() + " " + b));
  }
}
