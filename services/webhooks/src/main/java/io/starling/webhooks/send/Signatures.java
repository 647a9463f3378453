package io.starling.webhooks.send;

import io.starling.directory.SigningKey;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code webhook-signature} of Standard Webhooks: one signature for each key that is
 * live, the newest first, over {@code id.timestamp.body}. Pure.
 */
final class Signatures {
  private static final byte[] NOTHING = {};

  private Signatures() {}

  /** All of them, parted by spaces; empty if there is no key. */
  static Optional<String> of(
      List<SigningKey> keys, Instant now, String id, String timestamp, @Nullable Buffer body) {
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
    byte[] rest = body == null ? NOTHING : body.getBytes();
    var all = new ArrayList<String>(keys.size());
    for (var key : keys.reversed()) {
      if (key.isLiveAt(now)) {
        all.add(
            key.kind().text() + "," + Base64.getEncoder().encodeToString(sign(key, head, rest)));
      }
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", all));
  }

  private static byte[] sign(SigningKey key, byte[] head, byte[] rest) {
    try {
      return switch (key.kind()) {
        case V1 -> {
          var mac = Mac.getInstance("HmacSHA256");
          mac.init(key.secret().key());
          mac.update(head);
          yield mac.doFinal(rest);
        }
        case V1A -> {
          var signature = Signature.getInstance("Ed25519");
          signature.initSign((PrivateKey) key.secret().key());
          signature.update(head);
          signature.update(rest);
          yield signature.sign();
        }
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a signature cannot be made", e);
    }
  }
}
