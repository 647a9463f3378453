package io.starling.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.api.ApiConfig;
import io.starling.bootstrap.settings.Settings;
import io.starling.connection.ConnectionConfig;
import io.starling.relay.RelayConfig;
import io.starling.webhooks.WebhooksConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README says is there, is there. */
class ReadmeTest {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("]\\((?!http)([^)]+)\\)");
  private static final Pattern SCRIPT = Pattern.compile("\\bscripts/[a-z]+");
  private static final Pattern FIRST_SETTING = Pattern.compile("^\\| `(STARLING_[A-Z]+_?)");

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  @Test
  void everyFileAndScriptExists() throws IOException {
    var named = new ArrayList<String>();
    LINK.matcher(readme()).results().forEach(link -> named.add(link.group(1)));
    SCRIPT.matcher(readme()).results().forEach(script -> named.add(script.group()));
    assertThat(named)
        .hasSizeGreaterThan(12)
        .allSatisfy(path -> assertThat(ROOT.resolve(path)).exists());
  }

  @Test
  void aMessageIsFollowedInAtMostNineFiles() throws IOException {
    assertThat(readme().lines().filter(line -> line.matches("\\d+\\. \\[.*")).count()).isEqualTo(9);
  }

  @Test
  void isShort() throws IOException {
    assertThat(readme().lines().count()).isLessThan(150);
  }

  @Test
  void namesEverySetting() throws IOException {
    var settings = new Settings(Map.of());
    var _ = ConnectionConfig.from(settings);
    var _ = RelayConfig.from(settings);
    var _ = ApiConfig.from(settings);
    var _ = WebhooksConfig.from(settings);
    String text = readme();
    assertThat(settings.known().keySet())
        .hasSizeGreaterThan(20)
        .allSatisfy(
            name ->
                assertThat(text.contains("`" + name + "`") || namesTheEnd(text, name))
                    .as(name)
                    .isTrue());
  }

  /**
   * {@code `STARLING_MQTT_MAX_PACKET`, `_CONNECT_TIMEOUT`}: a row names a family by its first and
   * the ends of the others.
   */
  private static boolean namesTheEnd(String text, String name) {
    return text.lines()
        .anyMatch(
            line -> {
              Matcher first = FIRST_SETTING.matcher(line);
              return first.find()
                  && name.startsWith(first.group(1))
                  && name.startsWith("_", first.group(1).length() - 1)
                  && line.contains("`" + name.substring(first.group(1).length() - 1) + "`");
            });
  }
}
