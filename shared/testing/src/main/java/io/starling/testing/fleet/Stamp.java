package io.starling.testing.fleet;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a fleet writes into each payload: {@code <device>-<sequence> <nanos> ....}, padded with
 * dots. Found again wherever the text ends up, also inside JSON.
 *
 * @param nanos {@link System#nanoTime} at which the message was due, of the publishing JVM
 */
public record Stamp(int device, long sequence, long nanos) {
  private static final Pattern PATTERN = Pattern.compile("(\\d{1,9})-(\\d{1,18}) (-?\\d{1,19}) ");

  /** The payload, this long at least. */
  public Buffer payload(int size) {
    var text = key() + " " + nanos + " ";
    if (text.length() >= size) {
      return Buffer.buffer(text);
    }
    var padding = new byte[size - text.length()];
    Arrays.fill(padding, (byte) '.');
    return Buffer.buffer(size).appendString(text).appendBytes(padding);
  }

  /** {@code <device>-<sequence>}: unique in a run of one fleet. */
  public String key() {
    return device + "-" + sequence;
  }

  /** The first stamp in a text. */
  public static Optional<Stamp> find(String text) {
    var match = PATTERN.matcher(text);
    if (!match.find()) {
      return Optional.empty();
    }
    return Optional.of(
        new Stamp(
            Integer.parseInt(match.group(1)),
            Long.parseLong(match.group(2)),
            Long.parseLong(match.group(3))));
  }
}
