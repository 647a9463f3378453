package io.starling.connection.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QuotasTest {
  private static final AccountId A = AccountId.of("aaaaaaaaaaaaaaaaaaaaaaaa");
  private static final AccountId B = AccountId.of("bbbbbbbbbbbbbbbbbbbbbbbb");
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Quotas quotas = new Quotas(new PublishLimits(2, 3, 1_000));

  @Test
  void oneAccountDoesNotTakeFromAnother() {
    for (int i = 0; i < 3; i++) {
      assertThat(quotas.take(A, 0)).isTrue();
    }
    assertThat(quotas.take(A, 0)).isFalse();
    assertThat(quotas.take(B, 0)).isTrue();
    assertThat(quotas.take(A, SECOND / 2)).isTrue();
  }

  @Test
  void whoCannotBeToldNoGetsItsTurnLaterOrNever() {
    for (int i = 0; i < 3; i++) {
      assertThat(quotas.reserve(A, 0, SECOND)).isZero();
    }
    assertThat(quotas.reserve(A, 0, SECOND)).isEqualTo(SECOND / 2);
    assertThat(quotas.reserve(A, 0, SECOND)).isEqualTo(SECOND);
    assertThat(quotas.reserve(A, 0, SECOND)).isNegative();
  }

  @Test
  void isFullWhileTooMuchWaits() {
    quotas.waiting(999);
    assertThat(quotas.isFull()).isFalse();
    quotas.waiting(500);
    assertThat(quotas.isFull()).isTrue();
    quotas.waiting(-999);
    assertThat(quotas.isFull()).isFalse();
    assertThat(quotas.waitingBytes()).isEqualTo(500);
  }

  @Test
  void forgetsAccountsThatHaveRested() {
    assertThat(quotas.take(A, 0)).isTrue();
    assertThat(quotas.take(B, SECOND)).isTrue();
    quotas.forgetIdle(SECOND);
    assertThat(quotas.accounts()).isEqualTo(1);
    quotas.forgetIdle(2 * SECOND);
    assertThat(quotas.accounts()).isZero();
  }
}
