package io.starling.postgres;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One server that may be the primary.
 *
 * @param sslMode as libpq's sslmode
 * @param rootCertificate file with the certificates to trust, for verify-ca and verify-full; or ""
 */
public record Candidate(
    String host,
    int port,
    String database,
    String user,
    String password,
    SslMode sslMode,
    String rootCertificate) {
  private static final Pattern FORM =
      Pattern.compile(
          "postgres(?:ql)?://(?<user>[^:@/]+)(?::(?<password>[^@/]*))?@"
              + "(?<host>\\[[0-9a-fA-F:.]+]|[^:@/\\[\\]]+)(?::(?<port>[0-9]{1,5}))?"
              + "/(?<database>[^/?]+)(?:\\?(?<parameters>.*))?");

  /**
   * Reads {@code postgresql://user:password@host:port/database?sslmode=…&sslrootcert=…}.
   *
   * @throws IllegalArgumentException saying what is wrong, without the password
   */
  public static Candidate parse(String uri) {
    Matcher form = FORM.matcher(uri.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not postgresql://user:password@host:port/database (special characters in the"
                  .formatted(redacted(uri))
              + " password must be percent-encoded, also a comma)");
    }
    Map<String, String> parameters = parameters(form.group("parameters"), uri);
    SslMode mode = sslMode(parameters.getOrDefault("sslmode", "disable"), uri);
    String root = parameters.getOrDefault("sslrootcert", "");
    if ((mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL) && root.isEmpty()) {
      throw new IllegalArgumentException(
          "'%s': sslmode=%s needs sslrootcert".formatted(redacted(uri), mode.value));
    }
    int port = form.group("port") == null ? 5432 : Integer.parseInt(form.group("port"));
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("'%s': no such port".formatted(redacted(uri)));
    }
    String password = form.group("password");
    return new Candidate(
        form.group("host").replaceAll("[\\[\\]]", ""),
        port,
        decoded(form.group("database")),
        decoded(form.group("user")),
        password == null ? "" : decoded(password),
        mode,
        root);
  }

  /** Host and port: how health, logs and metrics call it. */
  String address() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  PgConnectOptions connectOptions(Map<String, String> properties) {
    PgConnectOptions options = new PgConnectOptions();
    options.setHost(host).setPort(port).setDatabase(database).setUser(user).setPassword(password);
    properties.forEach(options::addProperty);
    if (sslMode != SslMode.DISABLE) {
      options.setSslMode(sslMode);
      ClientSSLOptions tls = new ClientSSLOptions();
      if (rootCertificate.isEmpty()) {
        tls.setTrustAll(true); // what libpq's prefer and require mean: private, not authenticated
      } else {
        tls.setTrustOptions(new PemTrustOptions().addCertPath(rootCertificate));
      }
      tls.setHostnameVerificationAlgorithm(sslMode == SslMode.VERIFY_FULL ? "HTTPS" : "");
      options.setSslOptions(tls);
    }
    return options;
  }

  String jdbcUrl() {
    String root = rootCertificate.isEmpty() ? "" : "&sslrootcert=" + encoded(rootCertificate);
    return "jdbc:postgresql://%s/%s?sslmode=%s%s"
        .formatted(address(), encoded(database), sslMode.value, root);
  }

  @Override
  public String toString() {
    return "postgresql://%s@%s/%s".formatted(user, address(), database);
  }

  private static Map<String, String> parameters(@Nullable String query, String uri) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (query == null || query.isEmpty()) {
      return parameters;
    }
    for (String pair : Pattern.compile("&").split(query, -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (equals < 0 || !(name.equals("sslmode") || name.equals("sslrootcert"))) {
        throw new IllegalArgumentException(
            "'%s': unknown parameter '%s'; known are sslmode and sslrootcert"
                .formatted(redacted(uri), name));
      }
      parameters.put(name, decoded(pair.substring(equals + 1)));
    }
    return parameters;
  }

  private static SslMode sslMode(String value, String uri) {
    try {
      return SslMode.of(value.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s': unknown sslmode '%s'".formatted(redacted(uri), value), e);
    }
  }

  private static String redacted(String uri) {
    int at = uri.lastIndexOf('@');
    return "postgresql://***" + (at < 0 ? "" : uri.substring(at));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
