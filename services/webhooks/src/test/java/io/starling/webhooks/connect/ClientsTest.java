package io.starling.webhooks.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.testing.server.TestAuthority;
import io.starling.webhooks.credential.Tls;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClientsTest {
  private static final long HOUR_NANOS = 3_600_000_000_000L;

  private final Vertx vertx = Vertx.vertx();
  private final Clients clients = new Clients(vertx, 4);
  private String ca = "";

  @BeforeEach
  void makeAuthority(@TempDir Path folder) {
    ca = TestAuthority.make(folder).certificate();
  }

  @AfterEach
  void close() {
    var _ = vertx.close();
  }

  /** The same authority, each time another text. */
  private Tls tls(int number) {
    return new Tls("# " + number + "\n" + ca, null, null);
  }

  @Test
  void sharesOneAmongThoseThatRestOnTheSame() {
    var first = clients.lease(true, tls(1));
    assertThat(clients.lease(true, tls(1)).client()).isSameAs(first.client());
    assertThat(clients.lease(false, tls(1)).client()).isNotSameAs(first.client());
    assertThat(clients.lease(true, tls(2)).client()).isNotSameAs(first.client());
    assertThat(clients.lease(true, null).client()).isNotSameAs(first.client());
  }

  @Test
  void keepsAFewHundredThatNobodyUsesAndClosesNoneInUse() {
    List<Clients.Lease> inUse = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      inUse.add(clients.lease(true, tls(i)));
    }
    for (int i = 20; i < 400; i++) {
      clients.lease(true, tls(i)).close();
    }
    assertThat(clients.own()).isLessThanOrEqualTo(256);
    for (int i = 0; i < 20; i++) {
      assertThat(clients.lease(true, tls(i)).client()).isSameAs(inUse.get(i).client());
    }
  }

  @Test
  void closesThoseThatNobodyHasUsedForAWhile() {
    var used = clients.lease(true, tls(1));
    clients.lease(true, tls(2)).close();
    clients.sweep(System.nanoTime());
    assertThat(clients.own()).isEqualTo(2);
    clients.sweep(System.nanoTime() + HOUR_NANOS);
    assertThat(clients.own()).isEqualTo(1);
    used.close();
    clients.sweep(System.nanoTime() + HOUR_NANOS);
    assertThat(clients.own()).isZero();
  }
}
