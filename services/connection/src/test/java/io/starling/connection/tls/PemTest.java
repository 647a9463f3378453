package io.starling.connection.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PemTest {
  private static final byte[] P256 = HexFormat.of().parseHex("06082a8648ce3d030107");
  private static final byte[] ONE = {Der.INTEGER, 1, 1};
  private final TestAuthority authority = new TestAuthority("authority");

  private static Buffer file(String text) {
    return Buffer.buffer(text);
  }

  @Test
  void readsACertificateWithItsChain() {
    var own = authority.server("a.example");
    var read = Pem.certificates(file("some words\n" + own.certificatePem() + authority.pem()));
    assertThat(read).hasSize(2);
    assertThat(read.getFirst()).isEqualTo(own.certificate());
  }

  @Test
  void readsAKey() {
    var own = authority.server("a.example");
    assertThat(Pem.key(file(own.certificatePem() + own.keyPem()))).isEqualTo(own.key());
  }

  @Test
  void readsAnRsaKeyAsOpenSslWritesIt() throws GeneralSecurityException {
    var key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
    var parts = Der.enter(ByteBuffer.wrap(key.getEncoded()), Der.SEQUENCE);
    var _ = Der.enter(parts, Der.INTEGER);
    var _ = Der.enter(parts, Der.SEQUENCE);
    byte[] inside = Der.rest(Der.enter(parts, Der.OCTET_STRING));
    assertThat(Pem.key(file(TestAuthority.pem("RSA PRIVATE KEY", inside)))).isEqualTo(key);
  }

  @Test
  void readsAnEllipticKeyAsOpenSslWritesIt() {
    var key = (ECPrivateKey) TestAuthority.newKeys().getPrivate();
    byte[] secret = key.getS().toByteArray();
    byte[] padded = new byte[32];
    int kept = Math.min(secret.length, 32);
    System.arraycopy(secret, secret.length - kept, padded, 32 - kept, kept);
    byte[] inside =
        Der.value(Der.SEQUENCE, ONE, Der.value(Der.OCTET_STRING, padded), Der.value(0xa0, P256));
    var file =
        file(
            TestAuthority.pem("EC PARAMETERS", P256) + TestAuthority.pem("EC PRIVATE KEY", inside));
    assertThat(((ECPrivateKey) Pem.key(file)).getS()).isEqualTo(key.getS());
    assertThat(Arrays.equals(padded, new byte[32])).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "PRIVATE KEY,holds a key that cannot be read",
    "EC PRIVATE KEY,holds a key that cannot be read",
    "RSA PRIVATE KEY,holds a key that cannot be read",
    "ENCRYPTED PRIVATE KEY,is encrypted",
    "CERTIFICATE,holds no private key"
  })
  void saysWhatIsWrongWithAKey(String label, String why) {
    assertThatThrownBy(() -> Pem.key(file(TestAuthority.pem(label, new byte[] {1, 2}))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void saysWhatIsWrongWithACertificate() {
    assertThatThrownBy(() -> Pem.certificates(file("nothing")))
        .hasMessageContaining("holds no certificate");
    var damaged = TestAuthority.pem("CERTIFICATE", new byte[] {1, 2});
    assertThatThrownBy(() -> Pem.certificates(file(damaged)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be read");
  }
}
