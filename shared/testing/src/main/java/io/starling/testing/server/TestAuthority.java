package io.starling.testing.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An authority, made by {@code openssl}, that signs certificates of servers and clients. */
public final class TestAuthority {
  private static final int LIMIT_SECONDS = 30;
  private static final String CONFIGURATION = "[req]\ndistinguished_name = dn\n[dn]\n";

  private final Path folder;
  private final Path configuration;

  /** A certificate and its key, in PEM form. */
  public record Issued(String certificate, String key) {}

  private TestAuthority(Path folder) {
    this.folder = folder;
    this.configuration = folder.resolve("openssl.cnf");
  }

  /**
   * Makes one, good for two days.
   *
   * @throws IllegalStateException when openssl is not there or refuses
   */
  public static TestAuthority make(Path folder) {
    var authority = new TestAuthority(folder);
    try {
      Files.writeString(authority.configuration, CONFIGURATION);
    } catch (IOException e) {
      throw new IllegalStateException("no configuration: " + e.getMessage(), e);
    }
    authority.request(
        "authority",
        "Test Authority",
        List.of("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign"));
    return authority;
  }

  /** Its own certificate. */
  public String certificate() {
    return read("authority.crt");
  }

  /** Signs a certificate for a host name, which a client may show as well. */
  public Issued issue(String name) {
    request(
        name,
        name,
        List.of(
            "-CA",
            folder.resolve("authority.crt").toString(),
            "-CAkey",
            folder.resolve("authority.key").toString(),
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-addext",
            "subjectAltName=DNS:" + name));
    return new Issued(read(name + ".crt"), read(name + ".key"));
  }

  private String read(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new IllegalStateException("openssl made no " + file, e);
    }
  }

  private void request(String file, String name, List<String> more) {
    var command =
        new ArrayList<>(
            List.of(
                "openssl",
                "req",
                "-x509",
                "-config",
                configuration.toString(),
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-keyout",
                folder.resolve(file + ".key").toString(),
                "-out",
                folder.resolve(file + ".crt").toString()));
    command.addAll(more);
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("openssl made no certificate: " + output.strip());
      }
    } catch (IOException e) {
      throw new IllegalStateException("no certificate without openssl: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
