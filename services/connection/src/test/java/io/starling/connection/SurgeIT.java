package io.starling.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.contract.DeviceId;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.Target;
import io.starling.testing.fleet.Surge;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Promise 26 at one gateway, in short: everybody comes back at once. {@code scripts/bench --rows
 * surge} does the same with 5,000 against a whole server.
 */
class SurgeIT {
  private static final Logger LOG = LoggerFactory.getLogger(SurgeIT.class);
  private static final int MANY = 1_000;
  private static final int OTHERS = 50;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Vertx clients = Vertx.vertx();
  private TestRegion region;

  @BeforeEach
  void start() {
    region = TestRegion.start();
  }

  @AfterEach
  void stop() {
    region.close();
    TestRegion.done(clients.close());
  }

  private static List<Credentials> credentials(List<DeviceId> ids) {
    return ids.stream().map(id -> new Credentials(id.toString(), "s")).toList();
  }

  private double turns(String how) {
    return region.count("starling.mqtt.admissions", "turn", how);
  }

  @Test
  void allAreBackWithinAMinuteAndOthersPublishMeanwhile() {
    var gateway = region.gateway("a");
    var ids = credentials(region.devices(MANY + OTHERS));
    var target = Target.plain("127.0.0.1", gateway.mqttPort());
    try (var surge =
        Surge.open(clients, target, ids.subList(0, MANY), ids.subList(MANY, ids.size()), LIMIT)) {
      double waited = turns("waited");

      var report = surge.run(LIMIT);

      LOG.info("{}; {} waited in the gateway", report, Math.round(turns("waited") - waited));
      assertThat(surge.connected()).isEqualTo(MANY);
      assertThat(report.allBack()).isLessThan(LIMIT);
      assertThat(report.publishes().getTotalCount()).isGreaterThanOrEqualTo(OTHERS);
      assertThat(report.publishes().getValueAtPercentile(99)).isLessThan(1_000_000);
      assertThat(report.unanswered()).isZero();
      assertThat(turns("waited") - waited).isPositive();
    }
  }

  @Test
  void aGatewayHasNoDatabaseToAsk() {
    assertThatThrownBy(() -> Class.forName("io.vertx.sqlclient.SqlClient"))
        .isInstanceOf(ClassNotFoundException.class);
  }
}
