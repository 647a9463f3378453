package io.starling.firmware.image;

import io.starling.firmware.image.Image.Broken;
import io.starling.firmware.image.Image.Mcuboot;
import io.starling.firmware.image.Image.Plain;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Reads what a file of firmware is, by MCUboot's image format: a header, the body, protected
 * records that are part of what is signed, and records that are not. All numbers are little endian.
 * Blocks its caller.
 */
public final class ImageReader {
  static final int MAGIC = 0x96f3b83d;
  static final int PROTECTED_MAGIC = 0x6908;
  static final int UNPROTECTED_MAGIC = 0x6907;
  static final int HEADER_BYTES = 32;
  private static final int INFO_BYTES = 4;
  private static final int CHUNK_BYTES = 64 << 10;

  /** AES-128 and AES-256. */
  private static final int ENCRYPTED_FLAGS = 0x4 | 0x8;

  private final SeekableByteChannel file;

  private ImageReader(SeekableByteChannel file) {
    this.file = file;
  }

  /** What makes an image one that may not be used. */
  static final class BrokenImage extends Exception {
    BrokenImage(String reason) {
      super(reason, null, false, false);
    }
  }

  /** Where the parts of a file are. */
  private record Layout(
      ImageVersion version, long protectedAt, int protectedBytes, long unprotectedAt) {}

  /**
   * Reads a file from its start to its end.
   *
   * @throws IOException if it cannot be read
   */
  public static Image read(SeekableByteChannel file) throws IOException {
    try {
      return new ImageReader(file).read();
    } catch (BrokenImage e) {
      return new Broken(String.valueOf(e.getMessage()));
    }
  }

  private Image read() throws IOException, BrokenImage {
    if (file.size() < Integer.BYTES || bytes(0, Integer.BYTES, "").getInt() != MAGIC) {
      return new Plain();
    }
    var layout = layout(bytes(0, HEADER_BYTES, "the header"));
    var records = new ImageRecords();
    if (layout.protectedBytes() > 0) {
      int total = info(layout.protectedAt(), PROTECTED_MAGIC, "protected records");
      require(
          total == layout.protectedBytes(), "the header and the protected records differ in size");
      records.addProtected(records(layout.protectedAt(), total));
    }
    int total = info(layout.unprotectedAt(), UNPROTECTED_MAGIC, "records");
    records.add(records(layout.unprotectedAt(), total));
    var hash = hash(layout.unprotectedAt());
    require(hash.equals(records.hash()), "its bytes do not have the SHA-256 that it names");
    return new Mcuboot(
        layout.version(),
        hash,
        records.keyHash(),
        records.signature(),
        records.securityCounter(),
        records.vendor(),
        records.hardware());
  }

  private static Layout layout(ByteBuffer header) throws BrokenImage {
    int headerBytes = Short.toUnsignedInt(header.getShort(8));
    int protectedBytes = Short.toUnsignedInt(header.getShort(10));
    long bodyBytes = Integer.toUnsignedLong(header.getInt(12));
    require(headerBytes >= HEADER_BYTES, "its header says that it is shorter than a header");
    require(bodyBytes > 0, "it has no body");
    require(
        (header.getInt(16) & ENCRYPTED_FLAGS) == 0,
        "it is encrypted: what it is cannot be checked");
    var version =
        new ImageVersion(
            Byte.toUnsignedInt(header.get(20)),
            Byte.toUnsignedInt(header.get(21)),
            Short.toUnsignedInt(header.getShort(22)),
            Integer.toUnsignedLong(header.getInt(24)));
    long bodyEnd = headerBytes + bodyBytes;
    return new Layout(version, bodyEnd, protectedBytes, bodyEnd + protectedBytes);
  }

  /** The size of an area of records, with the four bytes that tell it. */
  private int info(long at, int magic, String what) throws IOException, BrokenImage {
    var info = bytes(at, INFO_BYTES, what);
    require(
        Short.toUnsignedInt(info.getShort()) == magic,
        "where its " + what + " should be is something else");
    int total = Short.toUnsignedInt(info.getShort());
    require(total >= INFO_BYTES, "its " + what + " are shorter than nothing");
    return total;
  }

  private ByteBuffer records(long at, int total) throws IOException, BrokenImage {
    return bytes(at + INFO_BYTES, total - INFO_BYTES, "its records");
  }

  private ByteBuffer bytes(long at, int count, String what) throws IOException, BrokenImage {
    require(at + count <= file.size(), "the file ends within " + what);
    var bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    file.position(at);
    while (bytes.hasRemaining()) {
      require(file.read(bytes) >= 0, "the file ends within " + what);
    }
    return bytes.flip();
  }

  private Buffer hash(long end) throws IOException, BrokenImage {
    var digest = sha256();
    var chunk = ByteBuffer.allocate(CHUNK_BYTES);
    file.position(0);
    for (long left = end; left > 0; ) {
      chunk.clear().limit((int) Math.min(CHUNK_BYTES, left));
      int read = file.read(chunk);
      require(read >= 0, "the file ends within its body");
      digest.update(chunk.flip());
      left -= read;
    }
    return Buffer.buffer(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 does not work here", e);
    }
  }

  static void require(boolean isSo, String otherwise) throws BrokenImage {
    if (!isSo) {
      throw new BrokenImage(otherwise);
    }
  }
}
