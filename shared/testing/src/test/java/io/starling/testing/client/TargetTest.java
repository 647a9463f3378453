package io.starling.testing.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TargetTest {

  @Test
  void readsAUrlWithAndWithoutAPort() {
    assertThat(Target.parse("mqtt://localhost:1884")).isEqualTo(Target.plain("localhost", 1884));
    assertThat(Target.parse("mqtt://h").port()).isEqualTo(1883);
    assertThat(Target.parse("mqtts://h")).hasToString("mqtts://h:8883");
  }

  @Test
  void refusesAnotherScheme() {
    assertThatThrownBy(() -> Target.parse("http://localhost"))
        .hasMessage("expected mqtt://host:port, got http://localhost");
  }
}
