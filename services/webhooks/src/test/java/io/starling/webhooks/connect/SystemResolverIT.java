package io.starling.webhooks.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names as this machine knows them. */
final class SystemResolverIT {
  private final Vertx vertx = Vertx.vertx();
  private final SystemResolver resolver = new SystemResolver(vertx);

  @AfterEach
  void close() {
    var _ = vertx.close();
  }

  @Test
  void knowsTheHostsFile() throws Exception {
    assertThat(
            resolver
                .resolve("localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS))
        .isNotEmpty()
        .allMatch(InetAddress::isLoopbackAddress);
  }

  @Test
  void endsWithWhatIsUnknown() {
    var asked = resolver.resolve("nowhere.invalid").toCompletionStage().toCompletableFuture();
    assertThatThrownBy(() -> asked.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(UnknownHostException.class);
  }
}
