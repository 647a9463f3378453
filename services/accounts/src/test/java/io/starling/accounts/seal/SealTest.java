package io.starling.accounts.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealTest {
  private static final String A = "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final String B = "b:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";
  private static final byte[] TEXT = "open sesame".getBytes(StandardCharsets.UTF_8);

  private final Seal seal = new Seal(SealKey.parse(A));

  @Test
  void whatIsSealedOpensInItsPlaceAlone() {
    var sealed = seal.seal("here", TEXT);
    assertThat(seal.open("here", sealed)).hasValue(TEXT);
    assertThat(seal.open("there", sealed)).isEmpty();
    assertThat(seal.seal("here", TEXT).bytes()).isNotEqualTo(sealed.bytes());
  }

  @Test
  void whatWasChangedOrCutDoesNotOpen() {
    var sealed = seal.seal("here", TEXT);
    byte[] changed = sealed.bytes().getBytes();
    changed[changed.length - 1] ^= 1;
    assertThat(seal.open("here", new Seal.Sealed("a", Buffer.buffer(changed)))).isEmpty();
    assertThat(seal.open("here", new Seal.Sealed("a", sealed.bytes().slice(0, 20)))).isEmpty();
    assertThat(seal.open("here", new Seal.Sealed("a", Buffer.buffer()))).isEmpty();
  }

  @Test
  void theFirstKeySealsAndAllOpen() {
    var before = seal.seal("here", TEXT);
    var both = new Seal(SealKey.parse(B + "," + A));
    assertThat(both.open("here", before)).hasValue(TEXT);
    assertThat(both.seal("here", TEXT).key()).isEqualTo("b");
    assertThat(seal.open("here", both.seal("here", TEXT))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c2VjcmV0",
        "a:c2VjcmV0",
        "a:not*base64*c2VjcmV0",
        "A:c2VjcmV0",
        A + "," + A,
        "a:c2VjcmV0,"
      })
  void whatIsNoKeyIsRefusedWithoutTellingIt(String text) {
    assertThatThrownBy(() -> SealKey.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("c2VjcmV0", "AAAA");
  }

  @Test
  void theKeyOfAMachineIsMadeOnceForItsUserAlone(@TempDir Path folder) throws Exception {
    var made = new KeyFile(folder).readOrMake();
    assertThat(new KeyFile(folder).readOrMake()).isEqualTo(made);
    Path file = folder.resolve("secret.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(new KeyFile(folder.resolve("other")).readOrMake()).isNotEqualTo(made);
    assertThat(made.toString()).isEqualTo("[SealKey[made-here]]");

    Files.writeString(file, "");
    assertThatThrownBy(() -> new KeyFile(folder).readOrMake()).hasMessageContaining("is empty");
  }
}
