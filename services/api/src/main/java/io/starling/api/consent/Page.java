package io.starling.api.consent;

import io.starling.http.Answer;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A page: no script but the one for passkeys, nothing loaded, script and style allowed by hashes,
 * in no frame, and its forms sent nowhere but here and where this server sends on to.
 */
final class Page {
  private static final String STYLE =
      """
      body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:0 auto;padding:1rem}
      label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}
      input,button{padding:.5rem;margin:.2rem 0 1rem}strong.wrong{color:#c33}
      a.button{display:block;padding:.5rem;margin:.2rem 0 1rem;border:1px solid;text-align:center}
      code{font-size:1.5rem;letter-spacing:.1em}[hidden]{display:none}:root{color-scheme:light dark}
      """;

  private static final String SCRIPT = read("passkey.js");
  private static final String BY_PASSKEY = "<script>" + SCRIPT + "</script>";

  private Page() {}

  /** What stands behind a form by which people sign in: the way of those who have a passkey. */
  static String byPasskey() {
    return BY_PASSKEY;
  }

  private static String read(String name) {
    try (InputStream file = Objects.requireNonNull(Page.class.getResourceAsStream(name))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of this HTML. */
  static Answer.Whole of(int status, String title, String body) {
    return of(status, title, body, "");
  }

  /**
   * The same whose form's answer leads elsewhere; browsers ask the policy of the form for that too.
   *
   * @param origin where to
   */
  static Answer.Whole of(int status, String title, String body, String origin) {
    String html =
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>%1$s</title>
        <meta name="viewport" content="width=device-width"><style>%2$s</style><h1>%1$s</h1>
        %3$s</html>
        """
            .formatted(text(title), STYLE, body);
    return new Answer.Whole(
        status,
        Map.of(
            "Content-Security-Policy",
            ("default-src 'none'; style-src 'sha256-"
                    + sha256(STYLE)
                    + "'; "
                    + (body.contains(BY_PASSKEY)
                        ? "script-src 'sha256-" + sha256(SCRIPT) + "'; connect-src 'self'; "
                        : "")
                    + "base-uri 'none'; frame-ancestors 'none'; form-action 'self' "
                    + origin)
                .strip(),
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            // With less, browsers would not say that a form was sent from here.
            "same-origin"),
        "text/html; charset=utf-8",
        Buffer.buffer(html));
  }

  /** Something went wrong, and there is nothing to do here. */
  static Answer.Whole refusal(String why) {
    return of(400, "This does not work", "<p>" + text(why) + "</p>");
  }

  /** What is answered to a form that another server's page sent. */
  static Answer.Whole elsewhere() {
    return of(403, "This does not work", "<p>This was sent from a page of another server.</p>");
  }

  /** What a form carries without showing it. */
  static String hidden(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                "<input type=\"hidden\" name=\"%s\" value=\"%s\">"
                    .formatted(text(field.getKey()), text(field.getValue())))
        .collect(Collectors.joining("\n"));
  }

  /** Text as it stands in HTML, also between quotes. */
  static String text(String raw) {
    return raw.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder()
          .encodeToString(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
