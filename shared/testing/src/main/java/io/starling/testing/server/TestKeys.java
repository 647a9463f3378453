package io.starling.testing.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A key and a certificate for one host name alone, which signs itself, made by the JDK's {@code
 * keytool}: under the alias {@code test} of a PKCS 12 file.
 */
public record TestKeys(Path file, String password) {
  private static final int LIMIT_SECONDS = 60;

  /**
   * Makes them.
   *
   * @throws IllegalStateException when keytool refuses
   */
  public static TestKeys make(Path folder, String host) {
    var made = new TestKeys(folder.resolve(host + ".p12"), "changeit");
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keystore",
            made.file.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            made.password,
            "-alias",
            "test",
            "-keyalg",
            "EC",
            "-dname",
            "CN=" + host,
            "-ext",
            "san=dns:" + host);
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("keytool made no keys: " + output.strip());
      }
      return made;
    } catch (IOException e) {
      throw new IllegalStateException("no keys without keytool: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
