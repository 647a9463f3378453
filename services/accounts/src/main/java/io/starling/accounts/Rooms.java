package io.starling.accounts;

import io.starling.accounts.client.Clients;
import io.starling.accounts.customer.Customers;
import io.starling.accounts.device.ClaimCodes;
import io.starling.accounts.device.ClaimSecrets;
import io.starling.accounts.device.Devices;
import io.starling.accounts.device.Edits;
import io.starling.accounts.device.Quarantine;
import io.starling.accounts.env.Environments;
import io.starling.accounts.grant.Codes;
import io.starling.accounts.grant.DeviceCodes;
import io.starling.accounts.imports.ImportLoop;
import io.starling.accounts.imports.Imports;
import io.starling.accounts.ledger.Ledgers;
import io.starling.accounts.ledger.Reports;
import io.starling.accounts.library.Libraries;
import io.starling.accounts.login.LogIns;
import io.starling.accounts.login.Mfa;
import io.starling.accounts.login.SignIns;
import io.starling.accounts.mail.Post;
import io.starling.accounts.move.MoveLoop;
import io.starling.accounts.move.Moves;
import io.starling.accounts.organization.Organizations;
import io.starling.accounts.passkey.Passkeys;
import io.starling.accounts.passkey.RelyingParty;
import io.starling.accounts.product.Authorities;
import io.starling.accounts.product.Groups;
import io.starling.accounts.product.Products;
import io.starling.accounts.provider.Identities;
import io.starling.accounts.provider.ProviderSignIns;
import io.starling.accounts.provider.Providers;
import io.starling.accounts.seal.Seal;
import io.starling.accounts.secret.AccountSecrets;
import io.starling.accounts.team.TeamAccounts;
import io.starling.accounts.team.Teams;
import io.starling.accounts.token.Tokens;
import io.starling.accounts.transfer.Transfers;
import io.starling.accounts.user.Credentials;
import io.starling.accounts.user.GuessLimit;
import io.starling.accounts.user.Links;
import io.starling.accounts.user.Users;
import io.starling.contract.Actor;
import io.starling.contract.BusMessage;
import io.starling.contract.DevicesRequest;
import io.starling.contract.PeopleRequest;
import io.starling.contract.TransfersRequest;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.ConfigurationWriter;
import io.starling.postgres.change.Deeds;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The rooms as one request finds them: what they write is in the audit as the deed of whoever asks.
 * They are made anew for each request, and keep nothing themselves; what lasts is here.
 */
record Rooms(
    PrimaryPool database,
    ConfigurationWriter anybody,
    Tokens tokens,
    Credentials credentials,
    Guesses guesses,
    Seal seal,
    Post post,
    String mailLinks,
    Providers providers,
    RelyingParty party,
    ImportLoop importing,
    MoveLoop moving,
    InstantSource clock) {

  /** How often what is secret may be guessed, by what it is. */
  record Guesses(GuessLimit refreshTokens, GuessLimit userCodes, GuessLimit claimSecrets) {
    Guesses(InstantSource clock) {
      this(new GuessLimit(clock), new GuessLimit(clock), new GuessLimit(clock));
    }
  }

  /** Who asks for something, and what he asks. */
  record Asked(ConfigurationWriter writer, Deeds deeds) {}

  /** By whom a request is: what does not come from the edge tells it by itself. */
  Asked asked(BusMessage request, Optional<Actor> told) {
    String operation = ConfigurationWriter.operation(request);
    var actor =
        switch (request) {
          case DevicesRequest.RegisterDevice register -> Actor.device(register.device());
          case DevicesRequest.ShowClaimCode show -> Actor.device(show.device());
          case PeopleRequest.ResetPassword _ -> byLink(told);
          case PeopleRequest.ConfirmEmail _ -> byLink(told);
          case TransfersRequest.AnswerByLink _ -> byLink(told);
          default -> told.orElseGet(() -> Actor.service("unknown"));
        };
    return new Asked(anybody.by(actor, operation), new Deeds(actor, operation));
  }

  private static Actor byLink(Optional<Actor> told) {
    return told.orElseGet(() -> Actor.service("mail")).as(Actor.Kind.LINK);
  }

  PeopleAnswers people(Asked by) {
    var writer = by.writer();
    var links = links(by);
    var mfa = mfa(by);
    return new PeopleAnswers(
        writer,
        new Users(writer, tokens, credentials, links),
        new LogIns(writer, tokens, credentials, mfa, guesses.refreshTokens()),
        mfa,
        new Clients(writer, tokens),
        links,
        tokens);
  }

  OAuthAnswers oauth(Asked by) {
    var writer = by.writer();
    var signIns = new SignIns(database, credentials, mfa(by), by.deeds());
    return new OAuthAnswers(
        database,
        writer,
        new Codes(writer, signIns, tokens),
        new DeviceCodes(database, writer, signIns, tokens, guesses.userCodes()),
        tokens);
  }

  OidcAnswers oidc(Asked by) {
    var signIns = new SignIns(database, credentials, mfa(by), by.deeds());
    return new OidcAnswers(
        providers,
        new ProviderSignIns(database, by.deeds(), credentials, signIns, providers, seal),
        new Identities(database, by.deeds()));
  }

  PasskeysAnswers passkeys(Asked by) {
    var signIns = new SignIns(database, credentials, mfa(by), by.deeds());
    return new PasskeysAnswers(new Passkeys(database, signIns, party, post, by.deeds()));
  }

  Mfa mfa(Asked by) {
    return new Mfa(by.writer(), tokens, credentials, seal, clock);
  }

  Links links(Asked by) {
    return new Links(database, by.writer(), tokens, credentials, post, mailLinks);
  }

  ProductsAnswers products(Asked by) {
    var writer = by.writer();
    return new ProductsAnswers(
        new Products(writer),
        new Authorities(writer, clock),
        new Groups(writer),
        new Moves(writer, by.deeds(), moving));
  }

  DevicesAnswers devices(Asked by) {
    var writer = by.writer();
    return new DevicesAnswers(
        new Devices(writer),
        new Edits(writer),
        new ClaimCodes(writer),
        new ClaimSecrets(writer, guesses.claimSecrets()),
        new Quarantine(writer));
  }

  TransfersAnswers transfers(Asked by) {
    return new TransfersAnswers(new Transfers(database, by.writer(), post, mailLinks));
  }

  CustomersAnswers customers(Asked by) {
    return new CustomersAnswers(
        new Customers(database, by.writer(), tokens, credentials, links(by)));
  }

  LibrariesAnswers libraries(Asked by) {
    return new LibrariesAnswers(new Libraries(database, seal, clock, by.deeds()));
  }

  Organizations organizations(Asked by) {
    return new Organizations(by.writer(), new TeamAccounts(tokens));
  }

  Teams teams(Asked by) {
    return new Teams(by.writer(), new TeamAccounts(tokens));
  }

  LedgersAnswers ledgers(Asked by) {
    return new LedgersAnswers(new Ledgers(by.writer()), new Reports(database));
  }

  EnvAnswers env(Asked by) {
    return new EnvAnswers(new Environments(by.writer()));
  }

  SecretsAnswers secrets(Asked by) {
    return new SecretsAnswers(new AccountSecrets(database, seal, by.deeds()));
  }

  Imports imports(Asked by) {
    return new Imports(database, importing, by.deeds());
  }

  /** As the service itself goes about what is asked by nobody. */
  Asked itself() {
    var actor = Actor.service("accounts");
    return new Asked(anybody.by(actor, ""), new Deeds(actor, ""));
  }
}
