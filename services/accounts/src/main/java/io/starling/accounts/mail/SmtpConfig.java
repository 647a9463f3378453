package io.starling.accounts.mail;

import io.starling.bootstrap.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Who carries mail.
 *
 * @param login none to send without
 * @param authorities certificates (PEM) of who signed the server's; none for those that Java knows
 */
public record SmtpConfig(
    String host, int port, Tls tls, Optional<Login> login, Optional<Path> authorities) {
  /** How the connection is encrypted. The server is checked, unless it is not at all. */
  public enum Tls {
    /** After STARTTLS, without which nothing is sent. */
    STARTTLS(587),
    /** From the first byte. */
    TLS(465),
    /** Not at all. */
    NONE(25);

    private final int port;

    Tls(int port) {
      this.port = port;
    }
  }

  /** As whom to log in. */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  /** Reads them; empty without a host, and then nothing else may be set. */
  public static Optional<SmtpConfig> from(Settings settings) {
    var host = settings.optional("STARLING_SMTP_HOST").map(String::strip);
    var tls = settings.value("STARLING_SMTP_TLS", "starttls", SmtpConfig::tls);
    int port = settings.integer("STARLING_SMTP_PORT", tls.port, 1, 65_535);
    var login = login(settings, tls);
    var authorities = authorities(settings, tls);
    if (host.isEmpty()) {
      for (String name : new String[] {"TLS", "PORT", "USER", "PASSWORD", "CA"}) {
        if (settings.isSet("STARLING_SMTP_" + name)) {
          settings.reject("STARLING_SMTP_" + name, "needs STARLING_SMTP_HOST");
        }
      }
      return Optional.empty();
    }
    if (!host.get().matches("[A-Za-z0-9._:-]{1,253}")) {
      settings.reject("STARLING_SMTP_HOST", "must be the name or address of a server alone");
    }
    return Optional.of(new SmtpConfig(host.get(), port, tls, login, authorities));
  }

  private static Tls tls(String text) {
    try {
      return Tls.valueOf(text.strip().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("must be starttls, tls or none");
    }
  }

  private static Optional<Login> login(Settings settings, Tls tls) {
    var user = settings.optional("STARLING_SMTP_USER");
    var password = settings.optional("STARLING_SMTP_PASSWORD");
    if (user.isPresent() != password.isPresent()) {
      settings.reject("STARLING_SMTP_USER", "goes with STARLING_SMTP_PASSWORD");
    }
    if (password.isPresent() && tls == Tls.NONE) {
      settings.reject("STARLING_SMTP_PASSWORD", "is not sent without TLS");
    }
    return user.flatMap(name -> password.map(secret -> new Login(name, secret)));
  }

  private static Optional<Path> authorities(Settings settings, Tls tls) {
    var file = settings.optional("STARLING_SMTP_CA").map(Path::of);
    if (file.isPresent() && tls == Tls.NONE) {
      settings.reject("STARLING_SMTP_CA", "is of no use without TLS");
    } else if (file.isPresent() && !Files.isReadable(file.get())) {
      settings.reject("STARLING_SMTP_CA", "cannot be read");
    }
    return file;
  }
}
