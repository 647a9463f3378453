package io.starling.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedFilterTest {

  @Test
  void isANameAndAFilter() {
    assertThat(SharedFilter.parse("$share/workers/home/+/temp"))
        .contains(new SharedFilter("$share/workers/home/+/temp", new TopicFilter("home/+/temp")));
    assertThat(SharedFilter.parse("$share/g//x").orElseThrow().filter().text()).isEqualTo("/x");
    assertThat(SharedFilter.parse("$share/$x y/#").orElseThrow().filter().text()).isEqualTo("#");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$share/",
        "$share/g",
        "$share/g/",
        "$share//x",
        "$share/+/x",
        "$share/#",
        "$share/g+/x",
        "$share/g#/x",
        "$share/g/a#",
        "$share/g/#/a",
        "$shared/g/a",
        "a/b"
      })
  void isNothingElse(String text) {
    assertThat(SharedFilter.parse(text)).isEmpty();
  }

  @Test
  void isMeantByItsBeginning() {
    assertThat(SharedFilter.isMeant("$share/")).isTrue();
    assertThat(SharedFilter.isMeant("$share")).isFalse();
    assertThat(SharedFilter.isMeant("share/g/x")).isFalse();
  }
}
