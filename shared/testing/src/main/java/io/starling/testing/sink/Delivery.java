package io.starling.testing.sink;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * One request that a sink received whole.
 *
 * @param number counted from 0 in the order of arrival
 * @param nanos {@link System#nanoTime} when its last byte arrived
 */
public record Delivery(
    long number, long nanos, String method, String uri, MultiMap headers, Buffer body) {

  public String text() {
    return body.toString(StandardCharsets.UTF_8);
  }
}
