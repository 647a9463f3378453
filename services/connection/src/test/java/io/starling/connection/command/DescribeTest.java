package io.starling.connection.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.GatewayReply.Description;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescribeTest {

  @Test
  void readsAllOfIt() {
    assertThat(
            Describe.read(
                Buffer.buffer(
                    """
                    {"functions":["led","reset"],"variables":{"temp":"double","name":"string"},
                     "firmware":{"product":7,"version":3,"hash":"ab"},"platform":"photon",
                     "later":{"is":"ignored"}}""")))
        .contains(
            new Description(
                List.of("led", "reset"),
                Map.of("temp", "double", "name", "string"),
                "photon",
                7,
                3,
                "ab"));
  }

  @Test
  void everythingIsOptional() {
    assertThat(Describe.read(Buffer.buffer("{}"))).contains(Description.NONE);
    assertThat(Describe.read(Buffer.buffer("{\"platform\":6}")).orElseThrow().platform())
        .isEqualTo("6");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[]",
        "42",
        "null",
        "{\"functions\":{}}",
        "{\"functions\":[1]}",
        "{\"functions\":[null]}",
        "{\"functions\":[\"\"]}",
        "{\"functions\":[\"a/b\"]}",
        "{\"functions\":[\"a+\"]}",
        "{\"functions\":[\"#\"]}",
        "{\"functions\":\"led\"}",
        "{\"variables\":[\"temp\"]}",
        "{\"variables\":{\"temp\":\"float\"}}",
        "{\"variables\":{\"temp\":null}}",
        "{\"variables\":{\"a/b\":\"double\"}}",
        "{\"firmware\":7}",
        "{\"firmware\":{\"version\":\"three\"}}",
        "{\"firmware\":{\"hash\":[]}}",
      })
  void refusesWhatIsNotADescription(String json) {
    assertThat(Describe.read(Buffer.buffer(json))).isEmpty();
  }

  @Test
  void isBounded() {
    assertThat(Describe.read(Buffer.buffer("{\"x\":\"" + "y".repeat(8_200) + "\"}"))).isEmpty();
    String name = "n".repeat(64);
    assertThat(Describe.read(Buffer.buffer("{\"functions\":[\"" + name + "\"]}"))).isPresent();
    assertThat(Describe.read(Buffer.buffer("{\"functions\":[\"" + name + "n\"]}"))).isEmpty();
    assertThat(Describe.read(Buffer.buffer("[".repeat(8_000)))).isEmpty();
  }
}
