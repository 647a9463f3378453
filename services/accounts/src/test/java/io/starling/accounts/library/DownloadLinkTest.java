package io.starling.accounts.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.accounts.seal.Seal;
import io.starling.accounts.seal.SealKey;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DownloadLinkTest {
  private final Seal seal = new Seal(SealKey.parse("a:" + "A".repeat(43) + "="));
  private final DownloadLink.Target target = new DownloadLink.Target("id", "1.0.0");

  @Test
  void isGoodForAnHour() {
    var now = Instant.parse("2026-01-01T00:00:00Z");
    String link = new DownloadLink(seal, () -> now).to(target);
    var soon = now.plus(Duration.ofMinutes(59));
    assertThat(new DownloadLink(seal, () -> soon).of(link)).hasValue(target);
    var late = now.plus(Duration.ofMinutes(61));
    assertThat(new DownloadLink(seal, () -> late).of(link)).isEmpty();
    assertThat(link).doesNotContain("1.0.0").matches("a\\.[A-Za-z0-9_-]+");
  }
}
