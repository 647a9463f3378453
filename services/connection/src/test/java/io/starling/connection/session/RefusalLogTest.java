package io.starling.connection.session;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.starling.connection.mqtt.Connect;
import io.starling.connection.mqtt.Refusal;
import io.starling.directory.Secrets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalLogTest {
  private static final Connect CONNECT =
      new Connect(
          5, "client", "user", "the-password", 0, true, 0, 1, 1, null, null, "10.0.0.1", List.of());

  private final AtomicLong now = new AtomicLong(1_000_000);
  private final RefusalLog log = new RefusalLog(() -> Instant.ofEpochMilli(now.get()));

  private List<String> lines(Runnable work) {
    var lines = new ListAppender<ILoggingEvent>();
    var logger = (Logger) LoggerFactory.getLogger(RefusalLog.class);
    logger.setLevel(Level.INFO);
    lines.start();
    logger.addAppender(lines);
    try {
      work.run();
    } finally {
      logger.detachAppender(lines);
    }
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void tellsWhoAndWhyWithoutThePassword() {
    assertThat(lines(() -> log.refused(CONNECT, Refusal.BAD_CREDENTIALS)))
        .containsExactly("Refused user (client id client) from 10.0.0.1: BAD_CREDENTIALS");
    assertThat(CONNECT.toString()).doesNotContain("the-password");
  }

  @Test
  void aFloodIsAFewLinesAndANumber() {
    var lines =
        lines(
            () -> {
              for (int i = 0; i < 1_000; i++) {
                log.refused(CONNECT, Refusal.BAD_CREDENTIALS);
              }
              now.addAndGet(10_001);
              log.refused(CONNECT, Refusal.BAD_CREDENTIALS);
            });
    assertThat(lines).hasSize(12).contains("Refused 990 more clients in that time");
  }

  @Test
  void whatMayBeASecretInTheWrongPlaceIsCutOff() {
    assertThat(RefusalLog.printable(Secrets.newToken())).hasSize(7).endsWith("…");
    assertThat(RefusalLog.printable("0123456789abcdef01234567"))
        .isEqualTo("0123456789abcdef01234567");
    assertThat(RefusalLog.printable("a\nb")).isEqualTo("a?b");
    assertThat(RefusalLog.printable(null)).isEqualTo("-");
  }
}
