package io.starling.firmware.image;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What a file of firmware is. */
public sealed interface Image {

  /** A file that says nothing of itself. */
  record Plain() implements Image {}

  /**
   * An image for MCUboot whose digest is that of its bytes. Whose it is says its signature, which
   * covers all that is told here: {@link ImageKey#hasSigned}.
   *
   * @param version in its header
   * @param hash SHA-256 of header, body and protected records, 32 bytes: what MCUboot compares and
   *     what is signed
   * @param keyHash SHA-256 of the public key, 32 bytes; empty if the image names none
   * @param signature Ed25519 of the hash, 64 bytes; empty if it has none of that kind
   * @param securityCounter below which a device with rollback protection refuses others, from 0 to
   *     2<sup>32</sup> - 1; empty if the image has none
   * @param vendor id of who made the hardware; empty if the image names none
   * @param hardware id of the class of hardware; empty if the image names none
   */
  record Mcuboot(
      ImageVersion version,
      Buffer hash,
      Optional<Buffer> keyHash,
      Optional<Buffer> signature,
      OptionalLong securityCounter,
      Optional<UUID> vendor,
      Optional<UUID> hardware)
      implements Image {}

  /**
   * A file that begins as an image for MCUboot and is none that may be used.
   *
   * @param reason in words, for whoever uploaded it
   */
  record Broken(String reason) implements Image {}
}
