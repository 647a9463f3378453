package io.starling.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void readsTypesAndFallsBack() {
    var settings =
        new Settings(
            Map.of(
                "STARLING_A_PORT",
                "1883",
                "STARLING_AGE",
                "90m",
                "STARLING_SIZE",
                "64KiB",
                "STARLING_ON",
                "yes",
                "STARLING_LIST",
                "a, b,",
                "PATH",
                "/bin"));
    assertThat(settings.port("STARLING_A_PORT", 1)).isEqualTo(1883);
    assertThat(settings.duration("STARLING_AGE", "1s", Duration.ZERO, Duration.ofDays(1)))
        .isEqualTo(Duration.ofMinutes(90));
    assertThat(settings.size("STARLING_SIZE", "1", 0, 1 << 20)).isEqualTo(65_536);
    assertThat(settings.flag("STARLING_ON", false)).isTrue();
    assertThat(settings.list("STARLING_LIST", "")).containsExactly("a", "b");
    assertThat(settings.text("STARLING_NONE", "fallback")).isEqualTo("fallback");
    assertThat(settings.optional("STARLING_ABSENT")).isEmpty();
    settings.check();
  }

  @Test
  void tellsAllMistakesAtOnceWithoutSecrets() {
    var settings =
        new Settings(
            Map.of(
                "STARLING_PORT",
                "99999",
                "STARLING_AGE",
                "3 weeks",
                "STARLING_DATABASE",
                "secret!",
                "STARLING_PROT",
                "1",
                "STARLING_BIG",
                "999999999999TiB"));
    assertThat(settings.port("STARLING_PORT", 7)).isEqualTo(7);
    assertThat(settings.duration("STARLING_AGE", "1s", Duration.ZERO, Duration.ofDays(1)))
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.size("STARLING_BIG", "1", 0, 10)).isEqualTo(1);
    String database =
        settings.value(
            "STARLING_DATABASE",
            "",
            text -> {
              if (!text.isEmpty()) {
                throw new IllegalArgumentException("must be a URI");
              }
              return text;
            });
    assertThat(database).isEmpty();

    assertThatThrownBy(settings::check)
        .isInstanceOfSatisfying(
            InvalidSettings.class,
            refused ->
                assertThat(refused.mistakes())
                    .containsExactlyInAnyOrder(
                        "STARLING_PORT=99999: must be from 0 to 65535",
                        "STARLING_AGE=3 weeks: must be a duration such as 500ms, 30s, 5m, 3h or 2d",
                        "STARLING_BIG=999999999999TiB: must be a whole number",
                        "STARLING_DATABASE=…: must be a URI",
                        "STARLING_PROT: unknown setting (did you mean STARLING_PORT?)"));
  }
}
