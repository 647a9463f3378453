package io.starling.directory;

import io.starling.contract.IntegrationId;
import io.starling.contract.SigningKind;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key by which the requests of an integration are signed.
 *
 * @param expiresAt null if it is used until it is deleted
 */
public record SigningKey(
    String id,
    IntegrationId integration,
    SigningKind kind,
    SigningSecret secret,
    Instant createdAt,
    @Nullable Instant expiresAt)
    implements Entry {

  /** Null if it cannot be read any more: nothing is signed by it then. */
  static @Nullable SigningKey of(JsonObject row) {
    var kind = SigningKind.named(row.getString("kind"));
    if (kind.isEmpty()) {
      return null;
    }
    String expiresAt = row.getString("expires_at");
    try {
      return new SigningKey(
          row.getString("id"),
          IntegrationId.of(row.getString("integration")),
          kind.get(),
          SigningSecret.read(kind.get(), row.getString("secret")),
          Instant.parse(row.getString("created_at")),
          expiresAt == null ? null : Instant.parse(expiresAt));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Tells whether it signs at a time. */
  public boolean isLiveAt(Instant now) {
    return expiresAt == null || now.isBefore(expiresAt);
  }
}
