package io.starling.api.users;

import io.starling.http.Answer;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * The pages that mailed links lead to. Nothing of a request stands in them; what a link carries
 * stays in the browser until the form is sent. No other page may frame them.
 */
final class LinkPages {
  static final Answer.Whole PASSWORD =
      page(
          "A new password",
          "/v1/user/password-reset/confirm",
          """
          <label>New password <input name="password" type="password" minlength="8"
          maxlength="256" autocomplete="new-password" required></label>
          """);
  static final Answer.Whole EMAIL = page("Is this your address?", "/v1/user/email/confirm", "");
  static final Answer.Whole TRANSFER =
      page(
          "Somebody asks for your device",
          "/v1/user/transfer/confirm",
          """
          <label>The device <select name="action"><option value="decline">stays mine</option>
          <option value="accept">goes to who asked</option></select></label>
          """);

  private LinkPages() {}

  private static Answer.Whole page(String title, String action, String field) {
    String html =
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>%1$s</title>
        <meta name="viewport" content="width=device-width"><h1>%1$s</h1>
        <form>%3$s<button>Yes, do it</button></form><p role="status"></p>
        <script>
        document.forms[0].onsubmit = async (event) => {
          event.preventDefault();
          const body = new URLSearchParams(new FormData(event.target));
          body.set('token', location.hash.slice(1));
          const told = document.querySelector('p');
          try {
            const answer = await (await fetch('%2$s', { method: 'POST', body })).json();
            told.textContent = answer.message ?? (answer.errors ?? [answer.error]).join(', ');
          } catch {
            told.textContent = 'That did not work, try again';
          }
        };
        </script></html>
        """
            .formatted(title, action, field);
    return new Answer.Whole(
        200,
        Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'unsafe-inline'; connect-src 'self';"
                + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer"),
        "text/html; charset=utf-8",
        Buffer.buffer(html));
  }
}
