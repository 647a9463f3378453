package io.starling.connection.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.connection.publish.TopicRules.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicRulesTest {

  @ParameterizedTest
  @CsvSource({
    "temp, EVENT",
    "a/b/c, EVENT",
    "/, EVENT",
    "sparkling, EVENT",
    "particles/x, EVENT",
    "Spark/x, EVENT",
    "s, EVENT",
    "spark, RESERVED",
    "spark/x, RESERVED",
    "particle, RESERVED",
    "particle/device/x, RESERVED",
    "$cloud/describe, CLOUD",
    "$cloud, OTHER",
    "$clouds/x, OTHER",
    "$SYS/x, OTHER",
    "a/#, INVALID",
    "a+b, INVALID",
  })
  void sortsTopics(String topic, Kind kind) {
    assertThat(TopicRules.kindOf(topic)).isEqualTo(kind);
  }

  @Test
  void countsBytesAndNotCharacters() {
    assertThat(TopicRules.kindOf("")).isEqualTo(Kind.INVALID);
    assertThat(TopicRules.kindOf("n".repeat(1_024))).isEqualTo(Kind.EVENT);
    assertThat(TopicRules.kindOf("n".repeat(1_025))).isEqualTo(Kind.INVALID);
    assertThat(TopicRules.kindOf("ü".repeat(512))).isEqualTo(Kind.EVENT);
    assertThat(TopicRules.kindOf("ü".repeat(513))).isEqualTo(Kind.INVALID);
    assertThat(TopicRules.kindOf("€".repeat(342))).isEqualTo(Kind.INVALID);
  }
}
