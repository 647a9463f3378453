package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.contract.GatewayRequest;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogIT {
  @Test
  void tellsOfAnInternalErrorOnceAndOfSecretsNever() {
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    var ours = (Logger) LoggerFactory.getLogger("io.starling.http");
    ours.addAppender(log);
    try (var region = Region.start()) {
      Region.done(
          region.bus.serve(
              "gateway.broken", GatewayRequest.class, _ -> Future.failedFuture("broken")));
      Region.done(
          region.sessions.put(
              region.offline.toString(), new SessionEntry("broken", 9, true, 0, "192.0.2.8")));

      var reply =
          region.anonymous("GET", "/v1/devices/attic/temp?access_token=" + Region.TOKEN).send();

      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.text()).isEqualTo("{\"ok\":false,\"error\":\"Internal error\"}");
      assertThat(log.list).hasSize(1);
      var event = log.list.getFirst();
      assertThat(event.getLevel()).isEqualTo(Level.ERROR);
      assertThat(event.getFormattedMessage()).contains("/v1/devices/:device/:variable");
      assertThat(
              event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy()))
          .doesNotContain(Region.TOKEN);
    } finally {
      ours.detachAppender(log);
    }
  }
}
