package io.starling.testing.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.testing.region.NodeStatus.State;
import io.starling.testing.region.RegionDatabase.DatabaseStatus;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionStatusTest {
  private static final DatabaseStatus DATABASE = new DatabaseStatus("postgres", true, "");

  @Test
  void saysWhetherMessagesPass() {
    assertThat(verdict(up(1), up(2), up(3))).isEqualTo("all is well");
    assertThat(verdict(up(1), node(2, State.FROZEN, false), up(3)))
        .isEqualTo("messages pass; missing: node-2");
    assertThat(verdict(up(1), cut(2), node(3, State.DEAD, false)))
        .isEqualTo("MESSAGES DO NOT PASS: 1 of 3 nodes ready, 2 needed");
    assertThat(
            new RegionStatus(List.of(up(1)), List.of(new DatabaseStatus("postgres", false, "")))
                .verdict())
        .isEqualTo("messages pass; missing: postgres");
  }

  @Test
  void readsFiguresAndNotesAsANodeTellsThem() {
    var metrics =
        """
        # HELP starling_mqtt_sessions Sessions
        starling_mqtt_sessions{instance="0"} 3.0
        starling_mqtt_sessions{instance="1"} 4.0
        starling_mqtt_sessions_total 99.0
        """;
    assertThat(NodeProbe.sum(metrics, "starling_mqtt_sessions")).contains(7L);
    assertThat(NodeProbe.sum(metrics, "starling_nothing")).isEmpty();
    var health =
        new JsonObject(
            """
            {"ready": true, "parts": {
              "drain": {"status": "degraded", "note": "catching up"},
              "journal": {"status": "up", "note": "fine"}}}
            """);
    assertThat(NodeProbe.notes(health)).isEqualTo("drain: catching up");
  }

  @Test
  void keepsWhatARegionIsMadeOf(@TempDir Path folder) {
    var settings =
        RegionSettings.of(3, "127.0.7").withHeap(300).with(Map.of("STARLING_API_KEEP_ALIVE", "2s"));
    settings.write(folder);
    assertThat(RegionSettings.read(folder)).contains(settings);
    assertThat(settings.host(2)).isEqualTo("127.0.7.2");
    assertThat(RegionSettings.read(folder.resolve("elsewhere"))).isEmpty();
  }

  @Test
  void refusesWhatIsNoRegion() {
    assertThatThrownBy(() -> RegionSettings.of(2, "127.0.1"))
        .hasMessage("a region has 1, 3, 5 or 7 nodes");
    assertThatThrownBy(() -> RegionSettings.of(3, "10.0.1"))
        .hasMessage("without namespaces a network begins with 127");
  }

  private static String verdict(NodeStatus... nodes) {
    return new RegionStatus(List.of(nodes), List.of(DATABASE)).verdict();
  }

  private static NodeStatus up(int number) {
    return node(number, State.UP, true);
  }

  private static NodeStatus cut(int number) {
    return new NodeStatus("node-" + number, State.UP, true, true, "", Optional.empty(), 0, 1);
  }

  private static NodeStatus node(int number, State state, boolean ready) {
    return new NodeStatus("node-" + number, state, false, ready, "", Optional.empty(), 0, 1);
  }
}
