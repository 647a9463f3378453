package io.starling.accounts;

import io.starling.accounts.mail.SmtpConfig;
import io.starling.accounts.provider.OidcProvider;
import io.starling.accounts.seal.SealKey;
import io.starling.bootstrap.settings.Settings;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The settings of the accounts service.
 *
 * @param mailFrom whom mail comes from
 * @param mailLinks where the links in mail lead: the API as people reach it, without a slash at the
 *     end. Never taken from a request, whose sender could name a server of his own
 * @param smtp who carries mail; none for a folder of it
 * @param secretKeys what seals secrets in the database, the first of them from now on; none for a
 *     key of this machine's own
 * @param providers through whom people may sign in, besides by password
 * @param auditRetentionDays how long the audit is kept, at least
 */
public record AccountsConfig(
    String mailFrom,
    String mailLinks,
    Optional<SmtpConfig> smtp,
    List<SealKey> secretKeys,
    List<OidcProvider> providers,
    int auditRetentionDays) {

  /** Reads them. */
  public static AccountsConfig from(Settings settings) {
    return new AccountsConfig(
        settings.value("STARLING_MAIL_FROM", "starling@localhost", AccountsConfig::address),
        settings.value("STARLING_MAIL_LINKS", "http://127.0.0.1:8080", AccountsConfig::url),
        SmtpConfig.from(settings),
        settings.value("STARLING_SECRET_KEYS", "", SealKey::parse),
        settings.value("STARLING_OIDC_FILE", "", OidcProvider::read),
        settings.integer("STARLING_AUDIT_RETENTION_DAYS", 365, 31, 3_660));
  }

  private static String address(String text) {
    if (!text.matches("[^\\s@<>\\p{Cntrl}]+@[^\\s@<>\\p{Cntrl}]+")) {
      throw new IllegalArgumentException("must be an e-mail address");
    }
    return text;
  }

  private static String url(String text) {
    var url = URI.create(text);
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!http || url.getHost() == null || url.getQuery() != null || url.getFragment() != null) {
      throw new IllegalArgumentException("must be a URL such as https://api.example.org");
    }
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
