package io.starling.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.starling.contract.TopicPermission.Action;
import io.starling.contract.TopicPermission.Effect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicPermissionTest {

  private static TopicPermission allow(String filter) {
    return new TopicPermission(Effect.ALLOW, Action.ALL, filter);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"#", "a/+/b", "%device%/#", "a/x-%device%/%product%", "50%/x", "%/%", "100%%"})
  void takesFilters(String filter) {
    assertThat(allow(filter).filter()).isEqualTo(filter);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a#",
        "#/a",
        "a/b+",
        "a\u0000",
        "\ud800",
        "%Device%/x",
        "a/%owner%",
        "%device%%user%",
        "$share/g/a",
        "$cloud/x",
        "$SYS/#"
      })
  void refusesWhatIsNoFilterOfEvents(String filter) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> allow(filter))
        .withMessageStartingWith("filter ");
  }

  @Test
  void countsBytes() {
    assertThat(allow("ü".repeat(256)).filter()).hasSize(256);
    assertThatIllegalArgumentException().isThrownBy(() -> allow("ü".repeat(257)));
  }
}
