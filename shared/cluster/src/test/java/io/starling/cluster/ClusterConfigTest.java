package io.starling.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.bootstrap.settings.InvalidSettings;
import io.starling.bootstrap.settings.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterConfigTest {

  private static Optional<ClusterConfig> read(Map<String, String> environment) {
    var settings = new Settings(environment);
    var config = ClusterConfig.from(settings, "eu-west", "node-1", true);
    settings.check();
    return config;
  }

  @Test
  void nothingSetIsOneMachine() {
    assertThat(read(Map.of())).isEmpty();
    assertThat(read(Map.of("STARLING_ZONE", "a"))).isEmpty();
  }

  @Test
  void aListIsReadWithDefaults() {
    var config =
        read(Map.of(
                "STARLING_CLUSTER_MEMBERS",
                "127.0.1.1, gateway-2.example:5801,[::1]:5901,127.0.1.1",
                "STARLING_CLUSTER_HOST",
                "127.0.1.1"))
            .orElseThrow();
    assertThat(config)
        .isEqualTo(
            new ClusterConfig(
                "starling",
                "eu-west",
                "node-1",
                "node-1",
                "127.0.1.1",
                5701,
                5702,
                java.util.List.of(
                    new Peer("127.0.1.1", 5701),
                    new Peer("gateway-2.example", 5801),
                    new Peer("::1", 5901)),
                3,
                false,
                true,
                Duration.ofSeconds(30)));
    assertThat(config.peerNames()).isEqualTo("127.0.1.1:5701, gateway-2.example:5801, [::1]:5901");
  }

  @Test
  void aNameInTheDnsExpectsNoNumber() {
    var config =
        read(Map.of(
                "STARLING_CLUSTER_DNS", "starling.default.svc",
                "STARLING_CLUSTER_HOST", "10.0.0.7",
                "STARLING_CLUSTER_PORT", "6000"))
            .orElseThrow();
    assertThat(config.peers()).containsExactly(new Peer("starling.default.svc", 6000));
    assertThat(config.expected()).isZero();
  }

  @Test
  void allMistakesAreToldAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    Map.of(
                        "STARLING_CLUSTER", "My Cluster",
                        "STARLING_CLUSTER_MEMBERS", "127.0.1.1:70000",
                        "STARLING_CLUSTER_DNS", "starling",
                        "STARLING_CLUSTER_PORT", "5702",
                        "STARLING_ZONE", "A")))
        .isInstanceOfSatisfying(
            InvalidSettings.class,
            e ->
                assertThat(e.mistakes())
                    .hasSize(6)
                    .anyMatch(line -> line.startsWith("STARLING_CLUSTER=My Cluster: must be"))
                    .anyMatch(line -> line.contains("has no port from 1 to 65535"))
                    .anyMatch(line -> line.startsWith("STARLING_CLUSTER_DNS: not together"))
                    .anyMatch(line -> line.startsWith("STARLING_CLUSTER_HOST: is needed"))
                    .anyMatch(line -> line.startsWith("STARLING_CLUSTER_BUS_PORT: must differ"))
                    .anyMatch(line -> line.startsWith("STARLING_ZONE=A: must be")));
  }

  @Test
  void settingsOfAClusterMeanNothingWithoutOne() {
    assertThatThrownBy(() -> read(Map.of("STARLING_CLUSTER_HOST", "127.0.1.1")))
        .hasMessage(
            "STARLING_CLUSTER_HOST: means nothing without STARLING_CLUSTER_MEMBERS or"
                + " STARLING_CLUSTER_DNS");
  }

  @Test
  void theNameCarriesRegionAndVersions() {
    var config =
        read(Map.of(
                "STARLING_CLUSTER", "blue",
                "STARLING_CLUSTER_MEMBERS", "127.0.1.1",
                "STARLING_CLUSTER_HOST", "127.0.1.1"))
            .orElseThrow();
    assertThat(config.clusterName()).isEqualTo("blue.eu-west (wire starling/2, hazelcast 5.7)");
  }
}
