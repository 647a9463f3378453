package io.starling.testing.client;

import io.starling.testing.wire.Properties;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** A message that reached a device. */
public record Received(
    String topic,
    Buffer payload,
    int qos,
    boolean retain,
    boolean duplicate,
    Properties properties) {

  public String text() {
    return payload.toString(StandardCharsets.UTF_8);
  }
}
