package io.starling.firmware.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.firmware.image.Image.Broken;
import io.starling.firmware.image.Image.Mcuboot;
import io.starling.firmware.image.Image.Plain;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images as files: what they say of themselves is believed only where it is true. */
final class ImageReaderIT {
  private static final UUID VENDOR = UUID.fromString("c5ce2cb1-2c0c-5e1b-b0a6-9d8e9a2f0f11");
  private static final UUID HARDWARE = UUID.fromString("51f4a2b6-0000-5000-8000-0123456789ab");

  @TempDir private Path folder;

  private Image read(Buffer bytes) {
    var file = folder.resolve("image");
    try {
      Files.write(file, bytes.getBytes());
      try (var channel = Files.newByteChannel(file)) {
        return ImageReader.read(channel);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void tellsAllThatAnImageSaysOfItself() {
    var key = ImageFile.key();
    var file = new ImageFile().securityCounter(4_294_967_295L).hardware(VENDOR, HARDWARE);
    var image = (Mcuboot) read(file.write(key));
    assertThat(image.version()).hasToString("1.2.3+4000000000");
    assertThat(image.hash()).isEqualTo(file.digest());
    assertThat(image.securityCounter()).hasValue(4_294_967_295L);
    assertThat(image.vendor()).contains(VENDOR);
    assertThat(image.hardware()).contains(HARDWARE);
    assertThat(image.keyHash()).contains(ImageKey.read(ImageFile.pem(key)).hash());
  }

  @Test
  void knowsWhoHasSignedIt() {
    var key = ImageFile.key();
    var image = (Mcuboot) read(new ImageFile().write(key));
    assertThat(ImageKey.read(ImageFile.pem(key)).hasSigned(image)).isTrue();
    assertThat(ImageKey.read(ImageFile.pem(ImageFile.key())).hasSigned(image)).isFalse();
    var unsigned = (Mcuboot) read(new ImageFile().write());
    assertThat(ImageKey.read(ImageFile.pem(key)).hasSigned(unsigned)).isFalse();
    assertThat(unsigned.keyHash()).isEmpty();
    assertThat(unsigned.securityCounter()).isEmpty();
  }

  @Test
  void aSignatureOfAnotherImageIsNone() {
    var key = ImageFile.key();
    var other = (Mcuboot) read(new ImageFile().body(Buffer.buffer("other")).write(key));
    var stolen = new ImageFile().record(ImageRecords.ED25519, other.signature().orElseThrow());
    var image = (Mcuboot) read(stolen.write());
    assertThat(image.signature()).isPresent();
    assertThat(ImageKey.read(ImageFile.pem(key)).hasSigned(image)).isFalse();
  }

  @Test
  void whatFollowsTheRecordsIsNotOfTheImage() {
    var image = new ImageFile();
    var padded = image.write().appendBytes(new byte[10_000]);
    assertThat(read(padded)).isInstanceOf(Mcuboot.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "\u007fELF whatever", "a plain image that says nothing"})
  void takesAnythingElseAsPlain(String bytes) {
    assertThat(read(Buffer.buffer(bytes))).isEqualTo(new Plain());
  }

  static Stream<Arguments> brokenOnes() {
    var four = Buffer.buffer().appendUnsignedIntLE(7);
    var whole = new ImageFile().write();
    return Stream.of(
        Arguments.of(whole.getBuffer(0, 20), "the file ends within the header"),
        Arguments.of(whole.getBuffer(0, whole.length() - 1), "the file ends within its records"),
        Arguments.of(whole.getBuffer(0, 600), "the file ends within records"),
        Arguments.of(changed(whole, 1_000), "its bytes do not have the SHA-256 that it names"),
        Arguments.of(changed(whole, 21), "its bytes do not have the SHA-256 that it names"),
        Arguments.of(
            new ImageFile().hash(_ -> Buffer.buffer(new byte[31])).write(),
            "its record of type 0x10 is not 32 bytes long"),
        Arguments.of(new ImageFile().body(Buffer.buffer()).write(), "it has no body"),
        Arguments.of(
            new ImageFile().headerBytes(16).write(),
            "its header says that it is shorter than a header"),
        Arguments.of(
            new ImageFile().flags(0x4).write(), "it is encrypted: what it is cannot be checked"),
        Arguments.of(
            new ImageFile().record(ImageRecords.SECURITY_COUNTER, four).write(),
            "its record of type 0x50 is not among the protected ones"),
        Arguments.of(
            new ImageFile().securityCounter(1).securityCounter(2).write(),
            "it has two records of type 0x50"),
        Arguments.of(
            new ImageFile().protectedRecord(ImageRecords.SHA256, four).write(),
            "its digest or signature is part of what it signs"),
        Arguments.of(
            new ImageFile().securityCounter(1).declaredProtected(8).write(),
            "the header and the protected records differ in size"),
        Arguments.of(
            new ImageFile().declaredProtected(40).write(),
            "where its protected records should be is something else"),
        Arguments.of(
            new ImageFile().record(ImageRecords.SHA256, Buffer.buffer(new byte[32])).write(),
            "it has two records of type 0x10"));
  }

  private static Buffer changed(Buffer whole, int at) {
    var changed = whole.copy();
    return changed.setByte(at, (byte) (changed.getByte(at) ^ 1));
  }

  @ParameterizedTest
  @MethodSource("brokenOnes")
  void saysWhatIsWrong(Buffer bytes, String reason) {
    assertThat(read(bytes)).isEqualTo(new Broken(reason));
  }

  /** A damaged file is broken or plain, or the damage is behind what is signed. */
  @Test
  void noDamageEndsInAnExceptionOrGoesUnnoticed() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var key = ImageFile.key();
    var file = new ImageFile().body(Buffer.buffer("code".repeat(100))).securityCounter(3);
    var whole = file.write(key);
    var reader = ImageKey.read(ImageFile.pem(key));
    for (int i = 0; i < 3_000; i++) {
      var damaged = whole.copy();
      for (int n = random.nextInt(4); n >= 0; n--) {
        damaged.setByte(random.nextInt(damaged.length()), (byte) random.nextInt(256));
      }
      damaged = damaged.getBuffer(0, random.nextInt(damaged.length() + 1));
      switch (read(damaged)) {
        case Plain _, Broken _ -> {}
        case Mcuboot image ->
            assertThat(image.hash().equals(file.digest()) || !reader.hasSigned(image))
                .as("damage %d of seed %d", i, seed)
                .isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\n####\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----"
      })
  void takesOnlyPublicKeysOfItsKind(String pem) {
    assertThatThrownBy(() -> ImageKey.read(pem))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("must be a public Ed25519 key in PEM");
  }
}
