package io.starling.testing.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate for this machine that signs itself, made by {@code openssl}, as PEM files. */
public record TestCertificate(Path certificate, Path key) {
  private static final int LIMIT_SECONDS = 30;

  /**
   * Makes one, on the curve P-256, good for two days.
   *
   * @throws IllegalStateException when openssl is not there or refuses
   */
  public static TestCertificate make(Path folder) {
    var made = new TestCertificate(folder.resolve("server.crt"), folder.resolve("server.key"));
    var command =
        List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout",
            made.key.toString(),
            "-out",
            made.certificate.toString());
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("openssl made no certificate: " + output.strip());
      }
      return made;
    } catch (IOException e) {
      throw new IllegalStateException("no certificate without openssl: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
