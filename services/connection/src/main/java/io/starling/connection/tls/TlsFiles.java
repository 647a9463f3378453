package io.starling.connection.tls;

import io.starling.connection.authority.ClientTrust;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the files said at one moment. Reading blocks.
 *
 * @param pairs certificates and keys, the one for everybody first
 */
record TlsFiles(List<Pair> pairs, @Nullable Read authorities) {
  private static final int MAX_BYTES = 1 << 20;

  /** A file. */
  record Read(String name, Buffer content) {}

  /** A certificate and its key. */
  record Pair(Read certificate, Read key) {}

  /**
   * Reads them all.
   *
   * @throws IllegalArgumentException if one is not there or cannot be read, with a text to show
   */
  static TlsFiles read(TlsConfig config) {
    var pairs = new ArrayList<Pair>();
    if (config.certificate() != null && config.key() != null) {
      pairs.add(new Pair(read(config.certificate()), read(config.key())));
    }
    if (config.folder() != null) {
      for (var certificate : certificatesIn(config.folder())) {
        pairs.add(new Pair(read(certificate), read(keyOf(certificate))));
      }
    }
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException(
          config.folder() + " holds no pair of a .crt or .pem and a .key file");
    }
    return new TlsFiles(pairs, config.authorities() == null ? null : read(config.authorities()));
  }

  private static List<Path> certificatesIn(Path folder) {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".crt") || file.toString().endsWith(".pem"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new IllegalArgumentException(folder + " is no folder that can be read", e);
    }
  }

  private static Path keyOf(Path certificate) {
    String name = String.valueOf(certificate.getFileName());
    return certificate.resolveSibling(name.substring(0, name.length() - ".crt".length()) + ".key");
  }

  private static Read read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException(file + " is too large to be a PEM file");
      }
      return new Read(file.toString(), Buffer.buffer(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + " does not exist", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * What they say.
   *
   * @throws IllegalArgumentException if one of them cannot be used, with a text to show
   */
  TlsContexts contexts(ClientTrust trust) {
    return TlsContexts.of(pairs.stream().map(Identity::read).toList(), trust);
  }

  /**
   * Tries them.
   *
   * @throws IllegalArgumentException if one of them cannot be used, with a text to show
   */
  void check() {
    pairs.stream().map(Identity::read).forEach(TlsContexts::check);
    var _ = trusted();
  }

  /**
   * The authorities whose certificates are taken from all clients.
   *
   * @throws IllegalArgumentException if they cannot be used, with a text to show
   */
  List<X509Certificate> trusted() {
    var bundle = authorities;
    return bundle == null
        ? List.of()
        : Identity.about(bundle.name(), () -> Pem.certificates(bundle.content()));
  }

  /** Differs as soon as a file does. */
  String fingerprint() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var pair : pairs) {
        add(digest, pair.certificate());
        add(digest, pair.key());
      }
      if (authorities != null) {
        add(digest, authorities);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(MessageDigest digest, Read file) {
    digest.update(file.name().getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(file.content().getBytes());
    digest.update((byte) 0);
  }
}
