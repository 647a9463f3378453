package io.starling.testing.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.testing.client.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountTest {
  @TempDir private Path data;

  @Test
  void takesTheEnvironmentBeforeTheFile() throws IOException {
    Files.writeString(data.resolve("demo.env"), "# c\nDEVICE_ID=file\nDEVICE_SECRET=\"a=b \"\n");
    var env = DemoEnv.load(Map.of("STARLING_DATA", data.toString(), "DEVICE_ID", "environment"));
    assertThat(env.get("DEVICE_ID")).isEqualTo("environment");
    assertThat(env.get("DEVICE_SECRET")).isEqualTo("a=b ");
    assertThat(env.find("API_URL")).isEmpty();
  }

  @Test
  void saysWhichKeyIsMissingAndWhereItWouldStand() {
    var env = DemoEnv.load(Map.of("STARLING_DATA", data.toString()));
    assertThatThrownBy(() -> env.get("MQTT_URL"))
        .hasMessageContaining("MQTT_URL is not known")
        .hasMessageContaining(data.resolve("demo.env").toString());
  }

  @Test
  void namesTheLineThatIsNoDevice() throws IOException {
    var file = Files.writeString(data.resolve("f"), "# c\n\na s\nb\n");
    assertThatThrownBy(() -> new FleetDevices(file).read()).hasMessageContaining("line 4");
    Files.writeString(file, "a s\n");
    assertThat(new FleetDevices(file).read()).containsExactly(new Credentials("a", "s"));
  }
}
