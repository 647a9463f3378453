package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.EnvReply;
import io.starling.contract.EnvReply.EnvRefused.Reason;
import io.starling.contract.EnvRequest;
import io.starling.contract.EnvScope;
import io.starling.directory.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Environment variables, on a real PostgreSQL. */
@ExtendWith(AccountsExtension.class)
class EnvRequestsIT {
  private final AccountsNode accounts;
  private AccountId account;
  private EnvScope scope;

  EnvRequestsIT(AccountsNode accounts) {
    this.accounts = accounts;
  }

  @BeforeEach
  void somebody() throws Exception {
    account = accounts.person();
    scope = EnvScope.of(account);
  }

  private EnvReply.ChangeReply change(Map<String, String> set, String... unset) throws Exception {
    return accounts.ask(new EnvRequest.ChangeEnv(scope, set, List.of(unset), account));
  }

  private void rollOut(boolean onConnect) throws Exception {
    assertThat(accounts.ask(new EnvRequest.RollOutEnv(scope, onConnect, account)))
        .isInstanceOf(AccountsReply.Written.class);
  }

  private Entry.Env inDirectory() {
    var row = accounts.changes("env", scope.key()).getLast().row();
    return (Entry.Env) Objects.requireNonNull(Entry.of("env", Objects.requireNonNull(row)));
  }

  @Test
  void aChangeIsADraftUntilItIsRolledOut() throws Exception {
    assertThat(change(Map.of("A", "1", "B", "2"))).isInstanceOf(EnvReply.EnvChanged.class);
    assertThat(inDirectory().own()).isEqualTo(Map.of("A", "1", "B", "2"));
    assertThat(inDirectory().snapshot()).isEmpty();
    assertThat(inDirectory().rolloutAt()).isNull();

    rollOut(true);
    assertThat(inDirectory().snapshot()).isEqualTo(Map.of("A", "1", "B", "2"));
    assertThat(inDirectory().onConnect()).isTrue();
    assertThat(inDirectory().rolloutBy()).isEqualTo(account);
    long version = inDirectory().version();

    var _ = change(Map.of("B", "3"), "A", "NONE");
    assertThat(inDirectory().own()).isEqualTo(Map.of("B", "3"));
    assertThat(inDirectory().snapshot()).hasSize(2);
    assertThat(inDirectory().version()).isEqualTo(version);
    rollOut(false);
    assertThat(inDirectory().snapshot()).isEqualTo(Map.of("B", "3"));
    assertThat(inDirectory().version()).isGreaterThan(version);
  }

  @Test
  void aRolloutOfNothingLeavesNothing() throws Exception {
    rollOut(false);
    var _ = change(Map.of(), "A");
    assertThat(accounts.changes("env", scope.key())).isEmpty();
  }

  @Test
  void aScopeHasAHundredAndEightKilobytesAtMost() throws Exception {
    var many = new HashMap<String, String>();
    for (int i = 0; i <= EnvRequest.MOST; i++) {
      many.put("V" + i, "x");
    }
    assertThat(change(many)).isEqualTo(new EnvReply.EnvRefused(Reason.TOO_MANY));
    var large = new HashMap<String, String>();
    for (int i = 0; i < 8; i++) {
      large.put("V" + i, "x".repeat(EnvRequest.MAX_VALUE_BYTES));
    }
    assertThat(change(large)).isEqualTo(new EnvReply.EnvRefused(Reason.TOO_LARGE));
    assertThat(accounts.changes("env", scope.key())).isEmpty();
  }

  @Test
  void anAccountHasRoomForSoManyScopesAndMayStillEmptyThem() throws Exception {
    accounts.execute(
        """
        INSERT INTO accounts.env (id, account, own, created_by, updated_by)
        SELECT '%s/device/' || n, '%s', '{}', 'x', 'x' FROM generate_series(1, 20000) AS n
        """
            .formatted(account, account));
    assertThat(change(Map.of("A", "1"))).isEqualTo(new EnvReply.EnvRefused(Reason.NO_ROOM));
    accounts.execute("DELETE FROM accounts.env WHERE account = '%s'".formatted(account));
    assertThat(change(Map.of("A", "1"))).isInstanceOf(EnvReply.EnvChanged.class);
  }
}
