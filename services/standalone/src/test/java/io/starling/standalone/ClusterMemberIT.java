package io.starling.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.testing.server.FreePorts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server as the first member of a cluster; what several do is ClusterIT's. */
class ClusterMemberIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final List<Integer> ports = FreePorts.take(4);
  @TempDir Path folder;

  private Server member(String node, int at) {
    return new Server(folder.resolve(node))
        .with("STARLING_NODE", node)
        .with("STARLING_CLUSTER_HOST", "127.0.0.1")
        .with(
            "STARLING_CLUSTER_MEMBERS", "127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(2))
        .with("STARLING_CLUSTER_PORT", ports.get(at).toString())
        .with("STARLING_CLUSTER_BUS_PORT", ports.get(at + 1).toString());
  }

  private static String get(URI uri) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void startsAsTheFirstRefusesStrangersAndLeavesInTime() throws Exception {
    try (var first = member("first", 0).start();
        var stranger = member("stranger", 2).with("STARLING_REGION", "elsewhere")) {
      assertThat(get(first.health("/health"))).contains("1 of 2 listed members are here");
      assertThat(get(first.health("/metrics"))).contains("starling_cluster_members 1.0");

      var refused = stranger.launch();
      refused.awaitOutput(
          "starling: what runs at 127.0.0.1:" + ports.get(0) + " is not of the cluster", LIMIT);
      await().atMost(LIMIT).until(() -> !refused.isAlive());
      assertThat(refused.exitCode()).isEqualTo(3);
      assertThat(refused.output().toString()).doesNotContain("\tat ").doesNotContain("WARN");

      assertThat(first.process().terminate(Duration.ofSeconds(15))).isTrue();
      assertThat(first.process().output()).anyMatch(line -> line.contains("stopped"));
      assertThat(first.process().output().toString()).doesNotContain("did not stop cleanly");
    }
  }
}
