package io.starling.api.consent;

import io.starling.api.consent.SignInForm.Remark;
import io.starling.contract.OidcReply;
import io.starling.http.Answer;
import java.util.Map;

/** The pages of {@link ProviderRoutes}. What a provider says of a failure is on none of them. */
final class ProviderPages {
  private static final int LATER_SECONDS = 30;

  private ProviderPages() {}

  /** Asks for what a provider's word is not enough for. */
  static Answer.Whole ask(OidcReply.ProofNeeded needed, Remark remark) {
    String provider = Page.text(needed.provider());
    String email = Page.text(needed.email());
    String why =
        needed.password()
            ? """
              <p>There is an account of <strong>%s</strong> already. To sign in to it with %s from
              now on, show once that it is yours. If you do not know its password, ask for a new
              one.</p>
              """
                .formatted(email, provider)
            : "<p>%s knows you as <strong>%s</strong>.</p>\n".formatted(provider, email);
    String password =
        """
        <label>Password of this account, not that of %s <input name="password" type="password"
        maxlength="256" autocomplete="current-password" required></label>
        """
            .formatted(provider);
    String otp =
        """
        <label>One-time password <input name="otp" maxlength="40" inputmode="numeric"
        autocomplete="one-time-code" required></label>
        """;
    String body =
        """
        %s%s<form method="post" action="%s">%s
        %s%s<button>Go on</button></form>
        """
            .formatted(
                why,
                remark.html(),
                ProviderRoutes.CONFIRM,
                Page.hidden(Map.of("proof", needed.proof())),
                needed.password() ? password : "",
                needed.otp() ? otp : "");
    return remark.on(Page.of(remark.status(), "Is it you?", body));
  }

  /** Nobody signed in. */
  static Answer.Whole refusal(OidcReply.Refused refused) {
    String provider = refused.provider().isEmpty() ? "The provider" : refused.provider();
    return switch (refused.reason()) {
      case UNKNOWN_PROVIDER -> page(400, "Nobody can sign in that way here.");
      case NOT_BEGUN ->
          page(
              400,
              "You did not begin this in this browser, or it is finished, or too long ago. Begin"
                  + " again where you wanted to sign in.");
      case DENIED -> page(403, provider + " did not let you in. Begin again if you want to.");
      case NO_ADDRESS ->
          page(
              403,
              provider
                  + " does not tell an e-mail address that it has made sure is yours, and without"
                  + " one there is no account for you here.");
      case NOT_BELIEVED ->
          page(502, provider + " gave an answer that cannot be believed. Begin again.");
      case TOO_MANY -> later("Too many people sign in this way just now, try again.");
      case UNREACHABLE -> later(provider + " does not answer for now, try again.");
    };
  }

  static Answer.Whole databaseDown(int seconds) {
    var remark = Remark.databaseDown(seconds);
    return remark.on(page(remark.status(), remark.text()));
  }

  private static Answer.Whole later(String why) {
    return page(503, why).with("Retry-After", Integer.toString(LATER_SECONDS));
  }

  private static Answer.Whole page(int status, String why) {
    return Page.of(status, "Nobody signed in", "<p>" + Page.text(why) + "</p>");
  }
}
