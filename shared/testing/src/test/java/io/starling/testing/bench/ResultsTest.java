package io.starling.testing.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResultsTest {
  private final Results results = new Results();

  @Test
  void reportsTheMedianAndWhetherItMeetsTheGoal() {
    for (var ratio : new double[] {1.2, 9.9, 1.4}) {
      results.add(Metric.INGEST_RATIO, ratio);
    }
    results.add(Metric.WEBHOOK_P99, 25.1);
    assertThat(results.median(Metric.INGEST_RATIO)).isEqualTo(1.4);
    assertThat(results.table())
        .containsPattern("against the bare server, x +1.40 +1.20 +9.90  <= 1.50  met")
        .containsPattern("p99, ms +25.10 +25.10 +25.10  <= 25.00  MISSED");
    assertThat(results.json().getJsonObject("ingest_ratio").getDouble("atMost")).isEqualTo(1.5);
  }

  @Test
  void takesTheMeanOfTheMiddleTwo() {
    results.add(Metric.BARE_RATE, 4L);
    results.add(Metric.BARE_RATE, 1L);
    results.add(Metric.BARE_RATE, 2L);
    results.add(Metric.BARE_RATE, 3L);
    assertThat(results.median(Metric.BARE_RATE)).isEqualTo(2.5);
  }

  @Test
  void keepsOnlyTheWorstWhereTheWorstIsMeant() {
    results.worst(Metric.OTHERS, 3);
    results.worst(Metric.OTHERS, 30);
    results.worst(Metric.OTHERS, 2);
    assertThat(results.median(Metric.OTHERS)).isEqualTo(30);
  }
}
