package io.starling.api.consent;

import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthRequest;
import io.starling.http.Answer;
import io.starling.http.Exchange;
import java.util.Locale;
import java.util.Map;

/**
 * The part of a page by which people show who they are: its fields, what was typed into them, and
 * what they are told if it was wrong. Other ways to sign in stand beside these fields.
 */
final class SignInForm {
  private SignInForm() {}

  /**
   * Who is to sign in.
   *
   * @param email as far as it is known; else empty
   * @param ticket that the person has signed in already, by another way; empty if there is none
   */
  record Person(String email, String ticket) {
    static final Person UNKNOWN = new Person("", "");

    boolean hasSignedIn() {
      return !ticket.isEmpty();
    }

    /** The same once the ticket is no good any more. */
    Person withoutTicket() {
      return new Person(email, "");
    }

    /** What a button says. */
    String button(String label) {
      return hasSignedIn() ? label : "Sign in and " + label.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
      return "Person[" + email + "]";
    }
  }

  /** The fields, as far as they are needed, the address filled in. */
  static String fields(Person person) {
    if (person.hasSignedIn()) {
      return "<p>You are signed in as <strong>%s</strong>.</p>\n%s\n"
          .formatted(
              Page.text(person.email()),
              Page.hidden(Map.of("username", person.email(), "ticket", person.ticket())));
    }
    return """
        <div id="typed"><button type="button" id="passkey" hidden>Use a passkey</button>
        <p id="passkey-wrong" role="alert" hidden><strong class="wrong">No passkey was good
        here.</strong></p>
        <label>E-mail <input name="username" type="email" maxlength="254"
        autocomplete="username" value="%s" required></label>
        <label>Password <input name="password" type="password" maxlength="256"
        autocomplete="current-password" required></label>
        <label>One-time password, if your account needs one <input name="otp" maxlength="40"
        inputmode="numeric" autocomplete="one-time-code"></label></div>
        """
        .formatted(Page.text(person.email()));
  }

  /** What stands behind the form. */
  static String script(Person person) {
    return person.hasSignedIn() ? "" : Page.byPasskey();
  }

  /** What was typed. */
  static OAuthRequest.SignIn typed(Exchange exchange) {
    var fields = exchange.fields();
    var who = person(exchange);
    return new OAuthRequest.SignIn(
        who.email(),
        fields.text("password").orElse(""),
        fields.text("otp").orElse(""),
        exchange.clientAddress(),
        who.ticket());
  }

  /** Who typed it. */
  static Person person(Exchange exchange) {
    var fields = exchange.fields();
    return new Person(
        fields.text("username").map(String::strip).orElse(""), fields.text("ticket").orElse(""));
  }

  /** What people are told of what they typed; nothing at first. */
  record Remark(int status, String text, int retryAfterSeconds) {
    static final Remark NONE = new Remark(200, "", 0);

    static Remark of(OAuthReply.SignInRefused refused) {
      return switch (refused.reason()) {
        case CREDENTIALS -> new Remark(401, "The e-mail or the password is wrong.", 0);
        case OTP_NEEDED ->
            new Remark(403, "Your account needs a one-time password with the password.", 0);
        case OTP -> new Remark(401, "The one-time password is wrong, or was used before.", 0);
        case TOO_MANY -> tooMany(refused.retryAfterSeconds());
        case TICKET ->
            new Remark(401, "That you had signed in is too long ago, or was used. Do it again.", 0);
      };
    }

    static Remark tooMany(int seconds) {
      return new Remark(429, "Too many failed attempts, try again later.", Math.max(1, seconds));
    }

    static Remark databaseDown(int seconds) {
      return new Remark(503, "Nobody can sign in for now, try again.", Math.max(1, seconds));
    }

    /** The remark as it stands on a page. */
    String html() {
      return text.isEmpty()
          ? ""
          : "<p role=\"alert\"><strong class=\"wrong\">" + Page.text(text) + "</strong></p>";
    }

    /** The page, with when to come back. */
    Answer.Whole on(Answer.Whole page) {
      return retryAfterSeconds == 0
          ? page
          : page.with("Retry-After", Integer.toString(retryAfterSeconds));
    }
  }
}
