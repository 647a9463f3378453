package io.starling.contract;

import java.time.Duration;
import java.util.Map;

/**
 * What the accounts service answers about people who sign in through an OpenID Connect provider, at
 * {@code accounts.oidc}. All but {@link ListProviders} need the database, and answer {@link
 * OidcReply.DatabaseDown} within a second without it.
 */
public sealed interface OidcRequest extends BusMessage, Addressed {
  /** Where these are answered. */
  String ADDRESS = "accounts.oidc";

  /** How long {@link Begin} and {@link Finish} may take, which ask the provider. */
  Duration DEADLINE = Duration.ofSeconds(10);

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * The page of ours on which somebody wanted to sign in, and what it needs to be shown again.
   *
   * @param page a word that tells pages apart; empty where it is not known
   */
  record Origin(String page, Map<String, String> fields) {
    /** Not known. */
    public static final Origin NONE = new Origin("", Map.of());

    /** Never changes. */
    public Origin {
      fields = Map.copyOf(fields);
    }

    @Override
    public String toString() {
      return "Origin[" + page + "]";
    }
  }

  /** Tell which providers there are. */
  @Wire("oidc.providers.list")
  record ListProviders() implements OidcRequest, Request<OidcReply.Providers> {}

  /** Send somebody to a provider. */
  @Wire("oidc.begin")
  record Begin(String provider, Origin origin)
      implements OidcRequest, Request<OidcReply.BeginReply> {}

  /**
   * Finish what was begun, with what the provider sent back through the browser. Not safe to send
   * twice.
   *
   * @param browser what {@link OidcReply.Begun} gave to the browser; empty if it does not show it
   * @param code empty if there is none
   * @param error empty if there is none
   * @param issuer who says that it sends this (RFC 9207); empty if it does not say
   */
  @Wire("oidc.finish")
  record Finish(String state, String browser, String code, String error, String issuer)
      implements OidcRequest, Request<OidcReply.FinishReply> {
    @Override
    public String toString() {
      return "Finish[]";
    }
  }

  /**
   * Show what a provider's word is not enough for.
   *
   * @param proof as {@link OidcReply.ProofNeeded} has it
   * @param password looked at only if it was asked for
   * @param otp empty if there is none
   * @param clientAddress where it is typed, for the limit on guessing
   */
  @Wire("oidc.confirm")
  record Confirm(String proof, String password, String otp, String clientAddress)
      implements OidcRequest, Request<OidcReply.ConfirmReply> {
    @Override
    public String toString() {
      return "Confirm[]";
    }
  }

  /** Tell whom an account is at providers. */
  @Wire("oidc.identities.list")
  record ListIdentities(AccountId account)
      implements OidcRequest, Request<OidcReply.IdentitiesReply> {}

  /** Forget whom an account is at a provider. */
  @Wire("oidc.identities.remove")
  record RemoveIdentity(AccountId account, String identity)
      implements OidcRequest, Request<OidcReply.RemoveReply> {}
}
