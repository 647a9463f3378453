package io.starling.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.accounts.AccountsConfig;
import io.starling.api.ApiConfig;
import io.starling.bootstrap.settings.Settings;
import io.starling.cluster.ClusterConfig;
import io.starling.connection.ConnectionConfig;
import io.starling.relay.RelayConfig;
import io.starling.webhooks.WebhooksConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README says is there, is there. */
class ReadmeTest {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("]\\((?!http)([^)]+)\\)");
  private static final Pattern SCRIPT = Pattern.compile("\\bscripts/[a-z]+");
  private static final Pattern SETTING = Pattern.compile("`((?:STARLING)?_[A-Z_]+)`");

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
    var _ = WebhooksConfig.from(settings, true);
    var _ = AccountsConfig.from(settings);
    var _ = ClusterConfig.from(settings, "local", "node-1", true);
    var documented = new TreeSet<String>();
    readme()
        .lines()
        .filter(line -> line.startsWith("| `STARLING_"))
        .forEach(line -> documented.addAll(namesIn(line)));
    assertThat(settings.known().keySet()).hasSizeGreaterThan(20).isSubsetOf(documented);
  }

  /** A row names the first setting in full, and others of its family by their ends. */
  private static Set<String> namesIn(String line) {
    var names = new TreeSet<String>();
    String family = "";
    for (var match : SETTING.matcher(line).results().toList()) {
      String name = match.group(1);
      if (name.startsWith("STARLING_")) {
        family = name.replaceAll("^(STARLING_[A-Z]+)_.*", "$1");
        names.add(name);
      } else {
        names.add("STARLING" + name);
        names.add(family + name);
      }
    }
    return names;
  }
}
