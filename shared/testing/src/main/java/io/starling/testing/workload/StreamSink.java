package io.starling.testing.workload;

import io.starling.testing.history.Demand;
import io.starling.testing.history.Demand.Span;
import io.starling.testing.history.SinkLog;
import io.starling.testing.sink.SseEvent;
import io.starling.testing.sink.SseReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the event stream who comes back to another node when its own is lost or silent. If
 * the stream numbers its events, the reader resumes it and owes everything since it was first
 * opened; if not, what happened while it was open and no fault lasted.
 */
public final class StreamSink {
  /** Servers break a silence after 8 s; events come all the time. */
  private static final Duration SILENCE = Duration.ofSeconds(4);

  private final SinkLog log;
  private final Arrival arrival;
  private final List<Span> open = new ArrayList<>();
  private @Nullable SseReader reader;
  private boolean numbered;
  private long openedNanos;
  private boolean isOpen;

  private StreamSink(Workload devices, String name) {
    this.log = new SinkLog(name, true);
    this.arrival = new Arrival(devices, log);
  }

  /**
   * Opens the stream at the first of these.
   *
   * @param urls the same stream at each node
   */
  public static Future<StreamSink> open(
      Vertx vertx, Workload devices, String name, List<String> urls) {
    var sink = new StreamSink(devices, name);
    var options =
        SseReader.Options.DEFAULT
            .reconnectingTo(urls.subList(1, urls.size()), SILENCE)
            .withCapacity(0);
    return SseReader.open(vertx, urls.getFirst(), options).map(sink::read);
  }

  private StreamSink read(SseReader opened) {
    reader = opened;
    opened.onConnection(this::connected);
    opened.onEvent(this::receive);
    return this;
  }

  private void receive(SseEvent event) {
    numbered = numbered || !event.id().isEmpty();
    try {
      var json = new JsonObject(event.data());
      arrival.note(json.getString("data", ""), json.getString("coreid", ""), event.nanos());
    } catch (DecodeException _) {
      log.addStranger("\"" + event.data() + "\"");
    }
  }

  private synchronized void connected(boolean now) {
    if (now) {
      openedNanos = System.nanoTime();
    } else if (isOpen) {
      open.add(new Span(openedNanos, System.nanoTime()));
    }
    isOpen = now;
  }

  public SinkLog log() {
    return log;
  }

  /** How often it was opened anew. */
  public long reopened() {
    var from = reader;
    return from == null ? 0 : from.connections() - 1;
  }

  /**
   * What it owes.
   *
   * @param calm when no fault lasted and everything was normal
   */
  public synchronized Demand demand(List<Span> calm) {
    if (numbered) {
      return new Demand.Everything();
    }
    var connections = new ArrayList<>(open);
    if (isOpen) {
      connections.add(new Span(openedNanos, System.nanoTime()));
    }
    return new Demand.Within(
        connections.stream()
            .flatMap(span -> calm.stream().map(span::overlap).filter(both -> both.nanos() > 0))
            .toList());
  }

  public Future<Void> close() {
    var from = reader;
    return from == null ? Future.succeededFuture() : from.close();
  }
}
