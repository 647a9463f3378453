package io.starling.webhooks.response;

import io.vertx.core.buffer.Buffer;

/**
 * What an endpoint answered to a request that it took.
 *
 * @param body at most a little more than {@link #MAX_BYTES}
 * @param contentType empty if it did not say
 */
public record Answer(Buffer body, String contentType) {
  /** What is told of a longer one. */
  public static final int MAX_BYTES = 100 * 1024;
}
