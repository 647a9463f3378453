package io.starling.connection.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.GatewayReply.DeviceError;
import io.starling.contract.GatewayReply.Returned;
import io.starling.contract.GatewayReply.Value;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersTest {

  @Test
  void readsIntegers() {
    assertThat(Answers.returned(Buffer.buffer("0"))).isEqualTo(new Returned(0));
    assertThat(Answers.returned(Buffer.buffer(" -2147483648 ")))
        .isEqualTo(new Returned(Integer.MIN_VALUE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2147483648", "1.5", "yes", "\"1\"", "[1]", "{}", "null", "1 2"})
  void whatIsNoIntegerIsAnError(String text) {
    assertThat(Answers.returned(Buffer.buffer(text))).isInstanceOf(DeviceError.class);
  }

  @Test
  void passesErrorsOnButNotWithoutEnd() {
    assertThat(Answers.returned(Buffer.buffer("{\"error\":\"broken\"}")))
        .isEqualTo(new DeviceError("broken"));
    assertThat(Answers.read(Buffer.buffer("{\"error\":5}"))).isEqualTo(new DeviceError("5"));
    var error =
        (DeviceError) Answers.read(Buffer.buffer("{\"error\":\"" + "x".repeat(1_000) + "\"}"));
    assertThat(error.message()).hasSize(256);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1.5", "true", "\"text\"", "{\"error\":1,\"b\":2}", "[1,2]"})
  void anyJsonIsAValue(String json) {
    assertThat(Answers.read(Buffer.buffer(json))).isEqualTo(new Value(json));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "{", "null"})
  void whatIsNoJsonIsAnError(String text) {
    assertThat(Answers.read(Buffer.buffer(text))).isInstanceOf(DeviceError.class);
  }
}
