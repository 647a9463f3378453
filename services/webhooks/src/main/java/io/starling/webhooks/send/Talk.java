package io.starling.webhooks.send;

import io.vertx.core.buffer.Buffer;

/**
 * What may be told of a request and its answer: nothing of its headers, its body or its query.
 *
 * @param method empty if there was no request
 * @param status 0 if there was no answer
 * @param excerpt the beginning of the answer, at most {@link #MAX_EXCERPT} bytes; secrets of the
 *     request's headers are blotted out
 */
public record Talk(String method, int status, Buffer excerpt) {
  /** What is kept of an answer. */
  public static final int MAX_EXCERPT = 4096;

  /** That of an attempt that was none. */
  public static final Talk NONE = new Talk("", 0, Buffer.buffer());

  /** The same without what was answered. */
  public Talk withoutExcerpt() {
    return new Talk(method, status, NONE.excerpt());
  }
}
