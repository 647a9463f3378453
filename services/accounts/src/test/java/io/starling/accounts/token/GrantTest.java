package io.starling.accounts.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GrantTest {
  private final AccountId account = AccountId.create();

  @Test
  void aRefreshTokenWaitsFourteenDaysForAProductAndLongerForAPerson() {
    assertThat(new Grant(account, 7, "c", 60).refreshLifetime()).isEqualTo(Duration.ofDays(14));
    assertThat(new Grant(account, Grant.ALL, "c", 60).refreshLifetime())
        .isEqualTo(Duration.ofDays(180));
  }

  @Test
  void nothingFollowsWhatNeverEnds() {
    assertThat(new Grant(account, Grant.ALL, "c", 0).isRefreshed()).isFalse();
    assertThat(new Grant(account, Grant.ALL, "c", 1).isRefreshed()).isTrue();
  }
}
