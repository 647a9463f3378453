package io.starling.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.postgres.FailureRules.Meaning;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureRulesTest {
  @ParameterizedTest
  @ValueSource(strings = {"25006", "57P01", "57P02", "57P03", "08006", "08P01", "25P03"})
  void losesTheConnection(String sqlState) {
    assertThat(FailureRules.meaning(sqlState)).isEqualTo(Meaning.LOST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "42601", "57014", "40001", "40P01", "22P02", ""})
  void leavesTheFailureToTheCaller(String sqlState) {
    assertThat(FailureRules.meaning(sqlState)).isEqualTo(Meaning.CALLER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"53100", "53200", "53300", "58030"})
  void keepsTheConnectionWhenTheServerLacksSomething(String sqlState) {
    assertThat(FailureRules.meaning(sqlState)).isEqualTo(Meaning.EXHAUSTED);
  }

  @Test
  void losesTheConnectionOnABrokenSocket() {
    assertThat(FailureRules.meaning(new SocketException("reset"), false)).isEqualTo(Meaning.LOST);
    assertThat(FailureRules.meaning(ClosedConnectionException.INSTANCE, false))
        .isEqualTo(Meaning.LOST);
    assertThat(FailureRules.meaning(VertxException.noStackTrace("not active"), true))
        .isEqualTo(Meaning.LOST);
  }

  @Test
  void leavesTheCallersOwnFailuresAlone() {
    assertThat(FailureRules.meaning(new IllegalStateException("mine"), true))
        .isEqualTo(Meaning.CALLER);
    assertThat(FailureRules.meaning(VertxException.noStackTrace("mine"), false))
        .isEqualTo(Meaning.CALLER);
  }

  @Test
  void tellsAViolatedConstraint() {
    var refused =
        new PgException(
            "duplicate",
            "ERROR",
            "23505",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            "accounts",
            "device",
            null,
            null,
            "device_pkey");
    assertThat(ConstraintViolation.of(refused))
        .contains(new ConstraintViolation(ConstraintViolation.Kind.UNIQUE, "device_pkey"));
    assertThat(ConstraintViolation.isOf("device_pkey", refused)).isTrue();
    assertThat(ConstraintViolation.isOf("other", refused)).isFalse();
    assertThat(ConstraintViolation.of(new IllegalStateException())).isEmpty();
  }
}
