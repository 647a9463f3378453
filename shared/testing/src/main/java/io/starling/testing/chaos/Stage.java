package io.starling.testing.chaos;

import io.starling.testing.Await;
import io.starling.testing.account.CloudApi;
import io.starling.testing.client.Target;
import io.starling.testing.history.SinkLog;
import io.starling.testing.region.Region;
import io.starling.testing.region.RegionNode;
import io.starling.testing.workload.Callers;
import io.starling.testing.workload.HookSink;
import io.starling.testing.workload.Presences;
import io.starling.testing.workload.Renamings;
import io.starling.testing.workload.SessionSink;
import io.starling.testing.workload.StreamSink;
import io.starling.testing.workload.Workload;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that surrounds a region in a run: devices, callers, a webhook, a kept MQTT session and
 * two streams (at two nodes, if there are). Blocks; {@link #close} ends all of it.
 */
final class Stage implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int MOST_STREAMS = 2;

  private final CloudApi api;
  private final String event;
  private final Workload workload;
  private final Callers callers;
  private final Renamings renamings;
  private final Presences presences;
  private final HookSink hook;
  private final SessionSink session;
  private final List<StreamSink> streams;

  private Stage(
      CloudApi api,
      String event,
      Workload workload,
      Callers callers,
      Renamings renamings,
      Presences presences,
      HookSink hook,
      SessionSink session,
      List<StreamSink> streams) {
    this.api = api;
    this.event = event;
    this.workload = workload;
    this.callers = callers;
    this.renamings = renamings;
    this.presences = presences;
    this.hook = hook;
    this.session = session;
    this.streams = streams;
  }

  /** Makes the devices that are missing, opens the sinks, connects. */
  static Stage open(Vertx vertx, Region region, ChaosOptions options) {
    var demo = region.demo();
    var api = Await.get(CloudApi.logIn(vertx, demo), LIMIT);
    var devices = Await.get(NewDevices.of(vertx, region, api, options.devices(), LIMIT), LIMIT);
    var event = "chaos-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    var workload = Await.get(Workload.create(vertx, targets(region, options), devices, event));
    var host = region.settings().hubHost();
    var hook = Await.get(HookSink.open(vertx, api, workload, event, host), LIMIT);
    var session =
        Await.get(
            SessionSink.open(
                vertx, workload, nodeTargets(region), api.token(), "reader-" + event, event),
            LIMIT);
    var streams = new ArrayList<StreamSink>();
    var nodes = region.nodes();
    for (var i = 0; i < Math.min(MOST_STREAMS, nodes.size()); i++) {
      var order = new ArrayList<>(nodes);
      Collections.rotate(order, -i);
      var urls = order.stream().map(node -> api.at(node.apiUrl()).eventsUrl(event)).toList();
      streams.add(
          Await.get(
              StreamSink.open(vertx, workload, "stream-" + order.getFirst().name(), urls), LIMIT));
    }
    Await.done(workload.connect(LIMIT), LIMIT.plusSeconds(options.devices() / 100));
    var apis = nodes.stream().map(node -> api.at(node.apiUrl())).toList();
    var callers = new Callers(vertx, apis, workload, options.seed());
    var renamings = new Renamings(vertx, apis, workload);
    var presences = new Presences(apis, demo.get("PRODUCT_ID"), workload);
    return new Stage(api, event, workload, callers, renamings, presences, hook, session, streams);
  }

  private static List<Target> targets(Region region, ChaosOptions options) {
    return options.targets().isEmpty() ? nodeTargets(region) : options.targets();
  }

  private static List<Target> nodeTargets(Region region) {
    return region.nodes().stream().map(RegionNode::mqttUrl).map(Target::parse).toList();
  }

  String event() {
    return event;
  }

  Workload workload() {
    return workload;
  }

  Callers callers() {
    return callers;
  }

  Renamings renamings() {
    return renamings;
  }

  Presences presences() {
    return presences;
  }

  HookSink hook() {
    return hook;
  }

  SessionSink session() {
    return session;
  }

  List<StreamSink> streams() {
    return streams;
  }

  /** What each sink has received. */
  List<SinkLog> sinks() {
    return Stream.concat(
            Stream.of(hook.log(), session.log()), streams.stream().map(StreamSink::log))
        .toList();
  }

  @Override
  public void close() {
    streams.forEach(stream -> Await.done(stream.close().otherwiseEmpty()));
    Await.done(session.close().otherwiseEmpty());
    Await.done(workload.close(), LIMIT);
    Await.done(hook.close().otherwiseEmpty(), LIMIT);
    Await.done(api.close().otherwiseEmpty());
  }
}
