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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
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
  private static final int MORE_TRIES = 2;

  /** Client, gateway, relay, gateway, client. */
  private static final int HOPS = 5;

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Vertx clients = Vertx.vertx();
  @RegisterExtension private final TestRegion region = TestRegion.start();

  @AfterEach
  void stop() {
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
      var report = surge(surge);
      for (int again = 0; again < MORE_TRIES && !othersNoticedLittle(report); again++) {
        report = surge(surge);
      }
      assertThat(othersNoticedLittle(report)).as(report.toString()).isTrue();
    }
  }

  private Surge.Report surge(Surge surge) {
    double before = turns("waited");
    var report = surge.run(LIMIT);
    double waited = turns("waited") - before;
    LOG.info("{}; {} waited in the gateway", report, Math.round(waited));
    assertThat(surge.connected()).isEqualTo(MANY);
    assertThat(report.allBack()).isLessThan(LIMIT);
    assertThat(report.publishes().getTotalCount()).isGreaterThanOrEqualTo(OTHERS);
    assertThat(report.unanswered()).isZero();
    assertThat(waited).isPositive();
    return report;
  }

  /** On a machine that is busy with other things each of the hops of a message is late as well. */
  private static boolean othersNoticedLittle(Surge.Report report) {
    return report.publishes().getValueAtPercentile(99)
        < 1_000_000 + HOPS * report.lags().getMaxValue();
  }

  @Test
  void aGatewayHasNoDatabaseToAsk() {
    assertThatThrownBy(() -> Class.forName("io.vertx.sqlclient.SqlClient"))
        .isInstanceOf(ClassNotFoundException.class);
  }
}
