package io.starling.standalone;

import static io.starling.standalone.Waiting.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.testing.account.CloudApi;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.DeviceOptions;
import io.starling.testing.client.Target;
import io.starling.testing.client.VirtualDevice;
import io.starling.testing.region.Region;
import io.starling.testing.region.RegionNode;
import io.starling.testing.wire.ClientPackets.Message;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Workers at all nodes of a region share the jobs, and one node dies: with its gateways, with what
 * its workers had not finished, and with the leaders of the shards that it had.
 */
final class SharedJobs {
  private static final String SHARE = "$share/workers/job/#";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int PUBLISHERS = 3;
  private static final int JOBS_EACH = 100;

  private final Vertx vertx;
  private final Region region;
  private final List<RegionNode> nodes;
  private final ArrayDeque<Credentials> credentials = new ArrayDeque<>();

  SharedJobs(Vertx vertx, Region region) {
    this.vertx = vertx;
    this.region = region;
    this.nodes = region.nodes();
  }

  /** A member of the group, and the jobs that it was given. */
  private record Worker(VirtualDevice device, Collection<String> jobs) {}

  private VirtualDevice device(RegionNode node, boolean acknowledges) {
    var options =
        DeviceOptions.of(Target.parse(node.mqttUrl()), credentials.remove()).redelivering();
    return VirtualDevice.create(vertx, acknowledges ? options : options.withoutAcknowledging());
  }

  private Worker worker(RegionNode node, boolean acknowledges) {
    var worker = new Worker(device(node, acknowledges), new ConcurrentLinkedQueue<>());
    worker.device().onMessage(message -> worker.jobs().add(message.text()));
    get(worker.device().connectWithin(LIMIT));
    assertThat(get(worker.device().subscribe(1, SHARE))).containsExactly(1);
    return worker;
  }

  /** Publishes a round of jobs; answers the names of all. */
  private static Set<String> publish(String round, List<VirtualDevice> publishers) {
    Set<String> jobs = ConcurrentHashMap.newKeySet();
    for (int job = 0; job < JOBS_EACH; job++) {
      for (int i = 0; i < publishers.size(); i++) {
        String name = round + " " + i + " " + job;
        jobs.add(name);
        var _ = publishers.get(i).publish(new Message("job/" + i, Buffer.buffer(name), 1));
      }
    }
    return jobs;
  }

  private static List<String> done(List<Worker> workers) {
    return workers.stream().flatMap(worker -> worker.jobs().stream()).toList();
  }

  /**
   * Publishes, kills the last node, publishes, and looks who did what. The node is up again then.
   */
  void areAllDoneThoughANodeDies() {
    var api = get(CloudApi.logIn(vertx, region.demo()));
    credentials.addAll(get(api.createDevices(region.demo().get("PRODUCT_ID"), 10)));
    // They are a moment old: a node may not have heard of them yet.
    String youngest = "/v1/devices/" + credentials.getLast().id();
    for (var node : nodes) {
      await()
          .atMost(LIMIT)
          .ignoreExceptions()
          .until(() -> get(api.at(node.apiUrl()).get(youngest)) != null);
    }
    var publishers = new ArrayList<VirtualDevice>();
    for (int i = 0; i < PUBLISHERS; i++) {
      publishers.add(device(nodes.getFirst(), true));
    }
    publishers.forEach(publisher -> get(publisher.connectWithin(LIMIT)));
    var steady = new ArrayList<Worker>();
    for (var node : List.of(nodes.get(0), nodes.get(0), nodes.get(1), nodes.get(1))) {
      steady.add(worker(node, true));
    }
    var all = new ArrayList<>(steady);
    all.add(worker(nodes.getLast(), true));

    eachDoesItsPart(all, publish("first", publishers));
    var stuck = List.of(worker(nodes.getLast(), false), worker(nodes.getLast(), false));
    var second = publish("second", publishers);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(stuck).allSatisfy(one -> assertThat(one.jobs()).hasSizeGreaterThan(9)));
    region.kill(nodes.getLast());
    var third = publish("third", publishers);
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(done(all)).containsAll(second).containsAll(third));

    region.start(nodes.getLast());
    all.forEach(worker -> get(worker.device().destroy()));
    stuck.forEach(worker -> get(worker.device().destroy()));
    publishers.forEach(publisher -> get(publisher.destroy()));
    get(api.close());
  }

  private static void eachDoesItsPart(List<Worker> workers, Set<String> jobs) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(done(workers)).containsExactlyInAnyOrderElementsOf(jobs));
    assertThat(workers)
        .allSatisfy(
            worker -> assertThat(worker.jobs()).hasSizeBetween(jobs.size() / 10, jobs.size() / 3));
  }
}
