package io.starling.connection.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.bootstrap.settings.InvalidSettings;
import io.starling.bootstrap.settings.Settings;
import io.starling.connection.authority.ClientTrust;
import io.starling.directory.Directory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
  @TempDir private Path folder;
  private final TestAuthority authority = new TestAuthority("authority");
  private final ClientTrust trust =
      new ClientTrust(new Directory(InstantSource.system()), InstantSource.system());
  private TlsConfig config;

  @BeforeEach
  void write() {
    authority.server("b.example", "*.b.example").write(folder, "b");
    authority.server("a.example").write(folder, "a");
    config = new TlsConfig(null, null, folder, null);
  }

  @Test
  void areChosenByName() {
    var contexts = Certificates.read(config, trust).current();
    var a = contexts.of("a.example");
    var b = contexts.of("B.example");
    assertThat(a).isNotSameAs(b);
    assertThat(contexts.of("x.b.example")).isSameAs(b);
    // The first in the folder.
    assertThat(contexts.of("x.a.example")).isSameAs(a);
    assertThat(contexts.of("unknown")).isSameAs(a);
    assertThat(contexts.of(null)).isSameAs(a);
  }

  @Test
  void areReadAgainOnlyIfTheyChange() {
    var certificates = Certificates.read(config, trust);
    var before = certificates.current();
    assertThat(certificates.look()).isFalse();
    assertThat(certificates.current()).isSameAs(before);
    authority.server("c.example").write(folder, "c");
    assertThat(certificates.look()).isTrue();
    assertThat(certificates.current()).isNotSameAs(before);
    assertThat(certificates.look()).isFalse();
  }

  @Test
  void stayWhileTheNewOnesCannotBeUsed() throws IOException {
    var certificates = Certificates.read(config, trust);
    var before = certificates.current();
    var next = authority.server("a.example");

    // Half of a new pair.
    Files.writeString(folder.resolve("a.crt"), next.certificatePem());
    assertThat(certificates.look()).isFalse();
    Files.writeString(folder.resolve("a.key"), "damaged");
    assertThat(certificates.look()).isFalse();
    Files.delete(folder.resolve("a.key"));
    assertThat(certificates.look()).isFalse();
    assertThat(certificates.current()).isSameAs(before);

    Files.writeString(folder.resolve("a.key"), next.keyPem());
    assertThat(certificates.look()).isTrue();
  }

  @Test
  void areTriedByTheSettings() throws IOException {
    Files.writeString(folder.resolve("a.key"), authority.server("x").keyPem());
    assertThatThrownBy(() -> read(Map.of("STARLING_TLS_FOLDER", folder.toString())))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("a.key is not the key of")
        .hasMessageContaining("a.crt");
    assertThatThrownBy(() -> read(Map.of("STARLING_TLS_KEY", "x.key")))
        .hasMessageContaining("STARLING_TLS_CERTIFICATE: is needed with the other");
    assertThatThrownBy(() -> read(Map.of("STARLING_TLS_CLIENT_AUTHORITIES", "ca.pem")))
        .hasMessageContaining("STARLING_TLS_CLIENT_AUTHORITIES");
    var missing = folder.resolve("missing.crt").toString();
    assertThatThrownBy(
            () -> read(Map.of("STARLING_TLS_CERTIFICATE", missing, "STARLING_TLS_KEY", missing)))
        .hasMessageContaining("missing.crt does not exist");
    assertThat(read(Map.of()).isOn()).isFalse();
  }

  private static TlsConfig read(Map<String, String> environment) {
    var settings = new Settings(environment);
    var read = TlsConfig.from(settings);
    settings.check();
    return read;
  }
}
