package io.starling.connection.authority;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a client's certificate rests on.
 *
 * @param authority the fingerprint of an authority of the device's product; null if it is one of
 *     the region's
 * @param expiresAt when the authority runs out
 */
public record Voucher(@Nullable String authority, Instant expiresAt) {
  static final Voucher REGION = new Voucher(null, Instant.MAX);
}
