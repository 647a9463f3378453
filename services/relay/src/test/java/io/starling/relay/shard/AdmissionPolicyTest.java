package io.starling.relay.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.EventClass;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionPolicyTest {

  @ParameterizedTest
  @CsvSource({
    "0.0, BULK",
    "0.6999, BULK",
    "0.70, NORMAL",
    "0.8499, NORMAL",
    "0.85, CRITICAL",
    "0.9499, CRITICAL",
    "0.95,",
    "1.0,"
  })
  void refusesTheLessImportantFirst(double used, EventClass least) {
    assertThat(AdmissionPolicy.least(used)).isEqualTo(Optional.ofNullable(least));
  }
}
