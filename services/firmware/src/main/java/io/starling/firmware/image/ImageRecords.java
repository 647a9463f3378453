package io.starling.firmware.image;

import static io.starling.firmware.image.ImageReader.require;

import io.starling.firmware.image.ImageReader.BrokenImage;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** The records behind the body of an image: each a type, a length and so many bytes. */
final class ImageRecords {
  static final int KEY_HASH = 0x01;
  static final int SHA256 = 0x10;
  static final int ED25519 = 0x24;
  static final int SECURITY_COUNTER = 0x50;
  static final int VENDOR = 0x80;
  static final int HARDWARE = 0x81;
  private static final int RECORD_HEADER_BYTES = 4;
  private static final int HASH_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;
  private static final int UUID_BYTES = 16;

  private final Map<Integer, Buffer> all = new HashMap<>();
  private final Map<Integer, Buffer> ofThoseSigned = new HashMap<>();

  void addProtected(ByteBuffer area) throws BrokenImage {
    read(area, ofThoseSigned);
    for (int type : new int[] {SHA256, ED25519}) {
      require(!ofThoseSigned.containsKey(type), "its digest or signature is part of what it signs");
    }
    all.putAll(ofThoseSigned);
  }

  void add(ByteBuffer area) throws BrokenImage {
    read(area, all);
    for (int type : new int[] {SECURITY_COUNTER, VENDOR, HARDWARE}) {
      require(
          ofThoseSigned.containsKey(type) || !all.containsKey(type),
          "its record of type 0x%02x is not among the protected ones".formatted(type));
    }
  }

  private static void read(ByteBuffer area, Map<Integer, Buffer> to) throws BrokenImage {
    while (area.hasRemaining()) {
      require(area.remaining() >= RECORD_HEADER_BYTES, "its records end within one");
      int type = Short.toUnsignedInt(area.getShort());
      int length = Short.toUnsignedInt(area.getShort());
      require(area.remaining() >= length, "its records end within one");
      byte[] value = new byte[length];
      area.get(value);
      boolean isNew = to.putIfAbsent(type, Buffer.buffer(value)) == null;
      require(isNew || !isRead(type), "it has two records of type 0x%02x".formatted(type));
    }
  }

  private static boolean isRead(int type) {
    return switch (type) {
      case KEY_HASH, SHA256, ED25519, SECURITY_COUNTER, VENDOR, HARDWARE -> true;
      default -> false;
    };
  }

  Buffer hash() throws BrokenImage {
    return find(SHA256, HASH_BYTES).orElseThrow(() -> new BrokenImage("it names no SHA-256"));
  }

  Optional<Buffer> keyHash() throws BrokenImage {
    return find(KEY_HASH, HASH_BYTES);
  }

  Optional<Buffer> signature() throws BrokenImage {
    return find(ED25519, SIGNATURE_BYTES);
  }

  OptionalLong securityCounter() throws BrokenImage {
    var counter = find(SECURITY_COUNTER, Integer.BYTES);
    return counter.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(counter.get().getUnsignedIntLE(0));
  }

  Optional<UUID> vendor() throws BrokenImage {
    return uuid(VENDOR);
  }

  Optional<UUID> hardware() throws BrokenImage {
    return uuid(HARDWARE);
  }

  private Optional<UUID> uuid(int type) throws BrokenImage {
    return find(type, UUID_BYTES).map(bytes -> new UUID(bytes.getLong(0), bytes.getLong(8)));
  }

  private Optional<Buffer> find(int type, int length) throws BrokenImage {
    var found = Optional.ofNullable(all.get(type));
    require(
        found.map(bytes -> bytes.length() == length).orElse(true),
        "its record of type 0x%02x is not %d bytes long".formatted(type, length));
    return found;
  }
}
