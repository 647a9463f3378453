package io.starling.bootstrap.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.JournalPosition;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenUsesTest {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final List<OAuthRequest.NoteUses> told = new CopyOnWriteArrayList<>();
  private long now = 1_000_000;
  private final TokenUses uses = new TokenUses(bus, () -> Instant.ofEpochMilli(now));

  @BeforeEach
  void listen() throws Exception {
    var _ =
        bus.serve(
                OAuthRequest.ADDRESS,
                OAuthRequest.class,
                request -> {
                  told.add((OAuthRequest.NoteUses) request);
                  return Future.succeededFuture(new OAuthReply.Written(JournalPosition.START));
                })
            .await(5, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    var _ = vertx.close().await(5, TimeUnit.SECONDS);
  }

  private void awaitTold(int batches) {
    await().until(() -> told.size() >= batches);
  }

  @Test
  void eachTokenIsToldOnceInTenMinutesAndManyTogether() {
    uses.used("a");
    uses.used("b");
    uses.used("a");
    uses.tell();
    uses.used("a");
    now += 599_999;
    uses.used("a");
    uses.tell();
    now += 1;
    uses.used("a");
    uses.tell();
    awaitTold(2);
    assertThat(told)
        .containsExactlyInAnyOrder(
            new OAuthRequest.NoteUses(List.of("a", "b"), 1_000_000),
            new OAuthRequest.NoteUses(List.of("a"), 1_600_000));
  }

  @Test
  void whatIsTooMuchIsForgottenAndTakenDownAtItsNextUse() {
    for (int i = 0; i <= OAuthRequest.MOST_USES; i++) {
      uses.used("token " + i);
    }
    uses.tell();
    uses.used("token " + OAuthRequest.MOST_USES);
    uses.tell();
    awaitTold(2);
    assertThat(told.stream().map(one -> one.tokenHashes().size()))
        .containsExactlyInAnyOrder(OAuthRequest.MOST_USES, 1);
  }
}
