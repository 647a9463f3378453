package io.starling.api.consent;

import io.starling.api.consent.SignInForm.Person;
import io.starling.api.consent.SignInForm.Remark;
import io.starling.http.Answer;
import java.util.List;
import java.util.Map;

/** The pages of {@link DeviceLogInRoutes}. */
final class DevicePages {
  private DevicePages() {}

  /** Asks for the code. */
  static Answer.Whole ask(Remark remark) {
    String body =
        """
        %s<form method="get" action="%s"><label>The code that your device shows
        <input name="user_code" maxlength="20" autocomplete="off" autocapitalize="characters"
        required></label><button>Go on</button></form>
        """
            .formatted(remark.html(), DeviceLogInRoutes.PAGE);
    return remark.on(Page.of(remark.status(), "Connect a device", body));
  }

  /**
   * Asks whether what waits is to be let in; the code is shown, for people to compare it.
   *
   * @param elsewhere other ways to sign in, as HTML
   */
  static Answer.Whole confirm(
      String userCode,
      String client,
      List<String> scopes,
      Person person,
      Remark remark,
      String elsewhere) {
    String body =
        """
        <p><strong>%s</strong> wants to use your account. Does it show this code?</p>
        <p><code>%s</code></p>%s
        <p>Go on only if you began this yourself, just now.</p>%s
        <form method="post" action="%s">%s
        %s<button name="decision" value="allow">%s</button>
        <button name="decision" value="deny">%s</button></form>%s%s
        """
            .formatted(
                Page.text(client),
                Page.text(userCode),
                ScopeList.html(scopes),
                remark.html(),
                DeviceLogInRoutes.PAGE,
                Page.hidden(Map.of("user_code", userCode)),
                SignInForm.fields(person),
                person.button("Allow"),
                person.button("Refuse"),
                elsewhere,
                SignInForm.script(person));
    return remark.on(Page.of(remark.status(), "Allow this?", body));
  }

  /** Nothing is left to do here. */
  static Answer.Whole done(boolean allowed) {
    return Page.of(
        200,
        allowed ? "Allowed" : "Refused",
        allowed
            ? "<p>Your device goes on by itself. This page can be closed.</p>"
            : "<p>The device was told. This page can be closed.</p>");
  }
}
