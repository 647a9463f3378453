package io.starling.connection.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.starling.connection.tls.TestAuthority;
import io.starling.connection.tls.TestAuthority.Issued;
import io.starling.directory.Authority;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an authority vouches for. */
class AuthorityTest {
  private final Instant now = Instant.now();
  private final TestAuthority signer = new TestAuthority("authority");
  private final Authority authority = Authority.of(signer.certificate(), now);

  private boolean vouches(Issued shown) {
    return authority.vouchesFor(shown.chain(), now);
  }

  @Test
  void vouchesForWhatItHasSigned() {
    assertThat(vouches(signer.client("device"))).isTrue();
    assertThat(vouches(signer.below("below").client("device"))).isTrue();
  }

  @Test
  void whatElseComesAlongDoesNotMatter() {
    var device = signer.client("device").certificate();
    var root = signer.certificate();
    var other = new TestAuthority("other").certificate();
    assertThat(authority.vouchesFor(List.of(device, root), now)).isTrue();
    assertThat(authority.vouchesFor(List.of(device, other), now)).isTrue();
  }

  @Test
  void doesNotVouchForAnothersOfTheSameName() {
    assertThat(vouches(new TestAuthority("authority").client("device"))).isFalse();
    assertThat(vouches(new TestAuthority("other").client("device"))).isFalse();
  }

  @Test
  void aDeviceSignsNothing() {
    assertThat(vouches(signer.client("device").signing().client("another"))).isFalse();
  }

  @Test
  void aChainMustHoldTogether() {
    var below = signer.below("below");
    var stranger = new TestAuthority("below").client("device").certificate();
    assertThat(authority.vouchesFor(List.of(stranger, below.certificate()), now)).isFalse();
    // A device's certificate is public: who shows another's behind his own gains nothing by it.
    var mine = new TestAuthority("mine").client("device").certificate();
    var others = signer.client("another").certificate();
    assertThat(authority.vouchesFor(List.of(mine, others), now)).isFalse();
  }

  @Test
  void vouchesOnlyWhileAllAreValid() {
    var device = signer.client("device", now.plusSeconds(60));
    assertThat(vouches(device)).isTrue();
    assertThat(authority.vouchesFor(device.chain(), now.plusSeconds(61))).isFalse();

    var short0 = new TestAuthority("short", now.plusSeconds(60));
    var long0 = short0.client("device", now.plusSeconds(3_600));
    var ofShort = Authority.of(short0.certificate(), now);
    assertThat(ofShort.vouchesFor(long0.chain(), now)).isTrue();
    assertThat(ofShort.vouchesFor(long0.chain(), now.plusSeconds(61))).isFalse();
  }

  @Test
  void vouchesForClientsOnly() {
    assertThat(vouches(signer.forServers("device"))).isFalse();
    List<X509Certificate> itself = List.of(signer.certificate());
    assertThat(authority.vouchesFor(itself, now)).isFalse();
    assertThat(authority.vouchesFor(List.of(), now)).isFalse();
  }

  @Test
  void refusesWhatIsNoAuthority() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Authority.of(signer.client("device").certificate(), now))
        .withMessageContaining("CA:TRUE");
    for (var then : List.of(now.plus(Duration.ofDays(3)), now.minus(Duration.ofDays(3)))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Authority.of(signer.certificate(), then))
          .withMessageContaining("valid");
    }
  }

  @Test
  void readsOneCertificate() {
    assertThat(Authority.read(signer.pem())).isEqualTo(signer.certificate());
    assertThat(Authority.read(authority.pem())).isEqualTo(signer.certificate());
    for (String bad :
        List.of(
            "",
            "certificate",
            signer.pem() + signer.pem(),
            signer.pem().substring(0, 100),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
            " ".repeat(Authority.MAX_PEM) + signer.pem())) {
      assertThatIllegalArgumentException().isThrownBy(() -> Authority.read(bad));
    }
  }

  @Test
  void itsKeyIsProvenByACertificateForTheRightName() {
    assertThat(authority.isProvenBy(signer.client("proof").certificate(), "proof")).isTrue();
    assertThat(authority.isProvenBy(signer.client("device").certificate(), "proof")).isFalse();
    var forged = new TestAuthority("authority").client("proof").certificate();
    assertThat(authority.isProvenBy(forged, "proof")).isFalse();
  }
}
