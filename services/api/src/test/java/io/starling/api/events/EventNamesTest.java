package io.starling.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventNamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "temp/kitchen", "/", "hook-response/x/0", "größe", "a b", "SPARK"})
  void takesWhatIsATopic(String name) {
    assertThat(EventNames.whyNot(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "#",
        "a/+/b",
        "a\u0000",
        "a\r\n",
        "\u007f",
        "$x",
        "spark",
        "spark/x",
        "particle/y",
        "\ud800"
      })
  void refusesWhatIsNone(String name) {
    assertThat(EventNames.whyNot(name)).isPresent();
  }

  @Test
  void countsBytesAndNotCharacters() {
    assertThat(EventNames.whyNot("x".repeat(1_024))).isEmpty();
    assertThat(EventNames.whyNot("ä".repeat(512))).isEmpty();
    assertThat(EventNames.whyNot("ä".repeat(513))).isPresent();
  }
}
