package io.starling.connection.credential;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.directory.Secrets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Somebody who was let in. Immutable; says what the credential was worth when it was checked. */
public sealed interface Client {

  /** The account whose topic space it publishes and subscribes in. */
  AccountId account();

  /** The session's key: a device's id, or for an app {@code account/client id}. */
  String key();

  /** When what it came with expires, null if never. */
  @Nullable Instant expiresAt();

  /**
   * A device.
   *
   * @param secretHash the hash of the secret it came with, null if it came with a certificate
   * @param authority the fingerprint of the authority of its product that its certificate rests on;
   *     null if it rests on one of the region's, or if it came with a secret
   * @param expiresAt when its certificate or that authority expires, null if it came with a secret
   */
  record OfDevice(
      DeviceId id,
      AccountId account,
      int product,
      @Nullable String secretHash,
      @Nullable String authority,
      @Nullable Instant expiresAt)
      implements Client {
    @Override
    public String key() {
      return id.toString();
    }

    @Override
    public String toString() {
      return "device " + id;
    }
  }

  /**
   * An app with an access token.
   *
   * @param tokenHash the hash of the token it came with
   * @param expiresAt when the token expires, null if never
   */
  record OfApp(AccountId account, String clientId, String tokenHash, @Nullable Instant expiresAt)
      implements Client {
    /** Longer client ids, which the protocol allows, stand hashed in the key. */
    private static final int MAX_PLAIN_ID = 128;

    @Override
    public String key() {
      return clientId.length() <= MAX_PLAIN_ID
          ? account + "/" + clientId
          : account + "//" + Secrets.hash(clientId);
    }

    @Override
    public String toString() {
      return "app " + key();
    }
  }
}
