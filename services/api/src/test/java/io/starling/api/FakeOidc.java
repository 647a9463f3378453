package io.starling.api;

import io.starling.contract.BusMessage;
import io.starling.contract.OAuthReply.SignInRefused;
import io.starling.contract.OidcReply;
import io.starling.contract.OidcReply.Refused.Reason;
import io.starling.contract.OidcRequest;
import io.starling.contract.OidcRequest.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The part of the accounts service that knows providers; there is one, which vouches for Ada. */
final class FakeOidc {
  static final String BROWSER = "c".repeat(64);
  static final String PROOF = "d".repeat(64);

  /** What a code brings, instead of the one who signs in. */
  final Map<String, OidcReply.FinishReply> outcomes = new ConcurrentHashMap<>();

  final List<OidcReply.Identity> identities =
      new ArrayList<>(List.of(identity("i1"), identity("i2")));
  private final FakeOAuth oauth;
  volatile boolean secure;
  private volatile Origin origin = Origin.NONE;

  FakeOidc(FakeOAuth oauth) {
    this.oauth = oauth;
  }

  private static OidcReply.Identity identity(String id) {
    return new OidcReply.Identity(
        id, "work", "https://id.example", Region.EMAIL, 1_767_323_045_678L);
  }

  BusMessage answer(OidcRequest request) {
    return switch (request) {
      case OidcRequest.ListProviders _ ->
          new OidcReply.Providers(List.of(new OidcReply.Named("work", "<Work> & Co")));
      case OidcRequest.Begin(var provider, var from) -> {
        origin = from;
        yield provider.equals("work")
            ? new OidcReply.Begun("https://id.example/authorize?state=s", BROWSER, secure)
            : new OidcReply.Refused(
                provider.equals("down") ? Reason.UNREACHABLE : Reason.UNKNOWN_PROVIDER, "", from);
      }
      case OidcRequest.Finish finish -> {
        if (!finish.browser().equals(BROWSER) || !finish.state().equals("s")) {
          yield new OidcReply.Refused(Reason.NOT_BEGUN, "", Origin.NONE);
        }
        if (!finish.error().isEmpty()) {
          yield new OidcReply.Refused(Reason.DENIED, "<Work> & Co", origin);
        }
        var outcome = outcomes.get(finish.code());
        yield outcome == null ? signedIn() : outcome;
      }
      case OidcRequest.Confirm(var proof, var password, var otp, _) -> {
        if (!proof.equals(PROOF)) {
          yield new OidcReply.Refused(Reason.NOT_BEGUN, "", Origin.NONE);
        }
        if (!password.equals(Region.PASSWORD)) {
          yield refused(SignInRefused.Reason.CREDENTIALS);
        }
        if (!otp.equals(FakePeople.OTP)) {
          yield refused(otp.isEmpty() ? SignInRefused.Reason.OTP_NEEDED : SignInRefused.Reason.OTP);
        }
        yield signedIn();
      }
      case OidcRequest.ListIdentities _ -> new OidcReply.Identities(List.copyOf(identities));
      case OidcRequest.RemoveIdentity(_, var id) -> {
        if (identities.stream().noneMatch(it -> it.id().equals(id))) {
          yield new OidcReply.UnknownIdentity();
        }
        if (identities.size() == 1) {
          yield new OidcReply.LastWayIn();
        }
        identities.removeIf(it -> it.id().equals(id));
        yield new OidcReply.Removed();
      }
    };
  }

  static OidcReply.ProofNeeded needed() {
    return new OidcReply.ProofNeeded(PROOF, "<Work> & Co", Region.EMAIL, true, true);
  }

  private static OidcReply.ProofRefused refused(SignInRefused.Reason reason) {
    return new OidcReply.ProofRefused(reason, 0, needed());
  }

  private OidcReply.SignedIn signedIn() {
    oauth.tickets.add("ticket");
    return new OidcReply.SignedIn("ticket", Region.EMAIL, origin);
  }
}
