package io.starling.webhooks.shard;

import io.starling.contract.IntegrationId;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a cursor: {@code webhooks@<life>} is the main one of a life of a follower, {@code
 * webhooks@<life>/<integration>} that of one lane. Life 0 is written without.
 *
 * @param integration null for the main one
 */
record CursorName(long life, @Nullable IntegrationId integration) {
  /** What the names of all cursors of this service start with. */
  static final String PREFIX = "webhooks";

  private static final Pattern FORM =
      Pattern.compile(PREFIX + "(?:@([0-7][0-9a-f]{15}))?(?:/([0-9a-f]{24}))?");

  static CursorName main(long life) {
    return new CursorName(life, null);
  }

  /** Reads a name; empty if it is none of ours. */
  static Optional<CursorName> read(String name) {
    var parts = FORM.matcher(name);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String life = parts.group(1);
    String lane = parts.group(2);
    return Optional.of(
        new CursorName(
            life == null ? 0 : HexFormat.fromHexDigitsToLong(life),
            lane == null ? null : IntegrationId.of(lane)));
  }

  boolean isMain() {
    return integration == null;
  }

  @Override
  public String toString() {
    return PREFIX
        + (life == 0 ? "" : "@" + HexFormat.of().toHexDigits(life))
        + (integration == null ? "" : "/" + integration);
  }
}
