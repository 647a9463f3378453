package io.starling.relay.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionTest {
  private static final LocalDate DAY = LocalDate.of(2026, 11, 3);

  @Test
  void isKnownByTheNameOfItsTable() {
    assertThat(Partition.named("event_20261103")).contains(new Partition(0, DAY));
    assertThat(Partition.named("event_90_20261103")).contains(new Partition(90, DAY));
    assertThat(new Partition(0, DAY).table()).isEqualTo("event_20261103");
    assertThat(new Partition(365, DAY).table()).isEqualTo("event_365_20261103");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"event", "event_0", "event_20261303", "event_x_20261103", "event_20261103; DROP"})
  void isNoOtherTable(String table) {
    assertThat(Partition.named(table)).isEmpty();
  }
}
