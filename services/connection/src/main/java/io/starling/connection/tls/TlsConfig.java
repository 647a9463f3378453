package io.starling.connection.tls;

import io.starling.bootstrap.settings.Settings;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the certificates are.
 *
 * @param certificate PEM, its chain behind it; shown to whoever asks for no other name
 * @param key PEM, not encrypted; there if the certificate is
 * @param folder pairs {@code name.crt} or {@code name.pem} and {@code name.key}, for clients that
 *     ask for their names
 * @param authorities PEM, whose certificates are taken from clients
 */
public record TlsConfig(
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable Path folder,
    @Nullable Path authorities) {
  /** No TLS. */
  public static final TlsConfig OFF = new TlsConfig(null, null, null, null);

  private static final String CERTIFICATE = "STARLING_TLS_CERTIFICATE";
  private static final String KEY = "STARLING_TLS_KEY";
  private static final String FOLDER = "STARLING_TLS_FOLDER";
  private static final String AUTHORITIES = "STARLING_TLS_CLIENT_AUTHORITIES";

  /** Checks what belongs together. */
  public TlsConfig {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException("a certificate and its key belong together");
    }
  }

  /** Tells whether there are certificates. */
  public boolean isOn() {
    return certificate != null || folder != null;
  }

  /** Reads the settings, and tries the files. */
  public static TlsConfig from(Settings settings) {
    var certificate = path(settings, CERTIFICATE);
    var key = path(settings, KEY);
    var folder = path(settings, FOLDER);
    var authorities = path(settings, AUTHORITIES);
    if (certificate.isPresent() != key.isPresent()) {
      settings.reject(certificate.isPresent() ? KEY : CERTIFICATE, "is needed with the other");
      return OFF;
    }
    var config =
        new TlsConfig(
            certificate.orElse(null),
            key.orElse(null),
            folder.orElse(null),
            authorities.orElse(null));
    if (!config.isOn()) {
      if (authorities.isPresent()) {
        settings.reject(AUTHORITIES, "is of use with " + CERTIFICATE + " or " + FOLDER + " only");
      }
      return OFF;
    }
    try {
      TlsFiles.read(config).check();
      return config;
    } catch (IllegalArgumentException e) {
      settings.reject(
          certificate.isPresent() ? CERTIFICATE : FOLDER, String.valueOf(e.getMessage()));
      return OFF;
    }
  }

  private static Optional<Path> path(Settings settings, String name) {
    return settings.optional(name).map(text -> Path.of(text.strip()));
  }
}
