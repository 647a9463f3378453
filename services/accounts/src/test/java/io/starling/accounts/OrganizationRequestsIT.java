package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.OrganizationsReply;
import io.starling.contract.OrganizationsReply.ChangeRefused;
import io.starling.contract.OrganizationsReply.OrganizationCreated;
import io.starling.contract.OrganizationsRequest;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.ProductsRequest;
import io.starling.contract.Role;
import io.starling.contract.Scope;
import io.starling.contract.TeamsReply;
import io.starling.contract.TeamsReply.MemberRefused;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is asked about organizations. */
@ExtendWith(AccountsExtension.class)
class OrganizationRequestsIT {
  private final AccountsNode node;

  OrganizationRequestsIT(AccountsNode node) {
    this.node = node;
  }

  private AccountId make(AccountId person) throws Exception {
    var request = new OrganizationsRequest.CreateOrganization(person, "Acme & Sons!");
    return ((OrganizationCreated) node.ask(request)).organization();
  }

  @CanIgnoreReturnValue
  private TeamsReply.AddMemberReply add(AccountId organization, String email, Role role)
      throws Exception {
    return node.ask(new OrganizationsRequest.AddColleague(organization, email, role.id()));
  }

  private @Nullable Entry entry(String kind, Object key) {
    var row = node.changes(kind, key.toString()).getLast().row();
    return row == null ? null : Entry.of(kind, row);
  }

  private Entry.@Nullable Colleague colleague(AccountId organization, AccountId person) {
    return (Entry.Colleague) entry("organization_member", organization + "/" + person);
  }

  @Test
  void isInTheDirectoryWithItsOwnerWhenItIsMade() throws Exception {
    var ann = node.person();
    var acme = make(ann);
    var shown = (Entry.Organization) Objects.requireNonNull(entry("organization", acme));
    assertThat(shown.name()).isEqualTo("Acme & Sons!");
    assertThat(shown.slug()).startsWith("acme-sons-");
    assertThat(Objects.requireNonNull(colleague(acme, ann)).role()).isEqualTo(Role.OWNER);
    assertThat(make(ann)).isNotEqualTo(acme);
    node.ask(new OrganizationsRequest.EditOrganization(acme, "Acme"));
    assertThat(((Entry.Organization) Objects.requireNonNull(entry("organization", acme))).name())
        .isEqualTo("Acme");
  }

  @Test
  void nobodyLogsInAsOne() throws Exception {
    var acme = make(node.person());
    String email = node.value("SELECT email FROM accounts.account WHERE id = '" + acme + "'");
    for (String password : new String[] {"", AccountsNode.PASSWORD}) {
      assertThat(node.ask(new PeopleRequest.LogIn(email, password, "c", "7.1.1.1", 60)))
          .isInstanceOf(PeopleReply.CredentialsInvalid.class);
    }
    assertThat(add(make(node.person()), email, Role.SUPPORT))
        .isEqualTo(new MemberRefused(MemberRefused.Reason.UNKNOWN));
  }

  @Test
  void aPersonIsInItOnceUntilTakenOut() throws Exception {
    String email = AccountsNode.newEmail();
    var ben = node.person(email);
    var acme = make(node.person());
    assertThat(
            ((TeamsReply.MemberAdded) add(acme, email.toUpperCase(Locale.ROOT), Role.SUPPORT))
                .member())
        .isEqualTo(ben);
    assertThat(add(acme, email, Role.OWNER))
        .isEqualTo(new MemberRefused(MemberRefused.Reason.IN_IT_ALREADY));
    assertThat(add(acme, "nobody@example.org", Role.SUPPORT))
        .isEqualTo(new MemberRefused(MemberRefused.Reason.UNKNOWN));
    node.ask(new OrganizationsRequest.EditColleague(acme, ben, "developer"));
    assertThat(Objects.requireNonNull(colleague(acme, ben)).role()).isEqualTo(Role.DEVELOPER);
    assertThat(node.ask(new OrganizationsRequest.RemoveColleague(acme, ben)))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(colleague(acme, ben)).isNull();
    assertThat(node.ask(new OrganizationsRequest.RemoveColleague(acme, ben)))
        .isInstanceOf(AccountsReply.NotFound.class);
  }

  @Test
  void thereIsAlwaysAnOwner() throws Exception {
    var lastOwner = new ChangeRefused(ChangeRefused.Reason.LAST_OWNER);
    String annsEmail = AccountsNode.newEmail();
    var ann = node.person(annsEmail);
    String email = AccountsNode.newEmail();
    var ben = node.person(email);
    var acme = make(ann);
    add(acme, email, Role.ADMINISTRATOR);
    assertThat(node.ask(new OrganizationsRequest.RemoveColleague(acme, ann))).isEqualTo(lastOwner);
    assertThat(node.ask(new OrganizationsRequest.EditColleague(acme, ann, "support")))
        .isEqualTo(lastOwner);
    assertThat(node.ask(new PeopleRequest.DeleteUser(ann, AccountsNode.PASSWORD, "7.1.1.2")))
        .isInstanceOf(PeopleReply.OwnsProducts.class);
    node.ask(new OrganizationsRequest.EditColleague(acme, ben, "owner"));
    assertThat(node.ask(new OrganizationsRequest.RemoveColleague(acme, ann)))
        .isInstanceOf(AccountsReply.Written.class);
  }

  @Test
  void goesOnlyWithoutProductsAndWithAllThatIsIts() throws Exception {
    var ann = node.person();
    var acme = make(ann);
    int product = node.product(acme);
    assertThat(node.ask(new OrganizationsRequest.DeleteOrganization(acme)))
        .isEqualTo(new ChangeRefused(ChangeRefused.Reason.NOT_EMPTY));
    node.ask(new ProductsRequest.DeleteProduct(acme, product));
    assertThat(node.ask(new OrganizationsRequest.DeleteOrganization(acme)))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(entry("organization", acme)).isNull();
    assertThat(entry("account", acme)).isNull();
    assertThat(colleague(acme, ann)).isNull();
    assertThat(node.ask(new OrganizationsRequest.DeleteOrganization(ann)))
        .isInstanceOf(AccountsReply.NotFound.class);
  }

  @Test
  void aPersonIsInOnlySoMany() throws Exception {
    String email = AccountsNode.newEmail();
    var ann = node.person(email);
    for (int i = 0; i < 20; i++) {
      var _ = make(ann);
    }
    assertThat(node.ask(new OrganizationsRequest.CreateOrganization(ann, "One more")))
        .isInstanceOf(OrganizationsReply.TooManyOrganizations.class);
    assertThat(add(make(node.person()), email, Role.SUPPORT))
        .isEqualTo(new MemberRefused(MemberRefused.Reason.TOO_MANY));
  }

  private TeamsReply.ProgramToken program(AccountId organization, String... scopes)
      throws Exception {
    return (TeamsReply.ProgramToken)
        node.ask(
            new OrganizationsRequest.CreateColleagueProgram(
                organization, "My Counter!", List.of(scopes)));
  }

  private Entry.@Nullable Token token(String token) {
    return (Entry.Token) entry("token", Secrets.hash(token));
  }

  @Test
  void anApiUserHasOneTokenForItsScopesUntilItIsRemoved() throws Exception {
    var ann = node.person();
    var acme = make(ann);
    var made = program(acme, "devices:list");
    var token = Objects.requireNonNull(token(made.token()));
    assertThat(token.scopes()).isEqualTo(Set.of(Scope.DEVICES_LIST));
    assertThat(token.product()).isZero();
    assertThat(token.expiresAt()).isNull();
    var colleague = Objects.requireNonNull(colleague(acme, made.member()));
    assertThat(colleague.role()).isNull();
    assertThat(colleague.scopes()).isEqualTo(Set.of(Scope.DEVICES_LIST));
    var account = (Entry.Account) Objects.requireNonNull(entry("account", made.member()));
    assertThat(account.program()).isTrue();
    assertThat(account.email()).startsWith("my-counter+");

    var renew = new OrganizationsRequest.RenewColleagueProgram(acme, made.member(), List.of());
    var renewed = (TeamsReply.ProgramToken) node.ask(renew);
    assertThat(token(made.token())).isNull();
    assertThat(token(renewed.token())).isNotNull();
    var other =
        (TeamsReply.ProgramToken)
            node.ask(
                new OrganizationsRequest.RenewColleagueProgram(
                    acme, made.member(), List.of("events:send")));
    assertThat(Objects.requireNonNull(token(other.token())).scopes())
        .isEqualTo(Set.of(Scope.EVENTS_SEND));

    // It is no person: it has no role, is in no other organization, and is none's to renew.
    assertThat(node.ask(new OrganizationsRequest.EditColleague(acme, made.member(), "owner")))
        .isInstanceOf(AccountsReply.NotFound.class);
    var foreign = make(ann);
    assertThat(add(foreign, account.email(), Role.SUPPORT))
        .isEqualTo(new MemberRefused(MemberRefused.Reason.UNKNOWN));
    assertThat(
            node.ask(
                new OrganizationsRequest.RenewColleagueProgram(foreign, made.member(), List.of())))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.ask(new OrganizationsRequest.RemoveColleague(foreign, made.member())))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(token(other.token())).isNotNull();

    node.ask(new OrganizationsRequest.RemoveColleague(acme, made.member()));
    assertThat(token(other.token())).isNull();
    assertThat(entry("account", made.member())).isNull();
  }

  @Test
  void anApiUserGoesWithItsOrganizationAndThereAreOnlySoMany() throws Exception {
    var acme = make(node.person());
    var first = program(acme, "devices:list");
    node.execute(
        """
        WITH made AS (
          INSERT INTO accounts.account (id, email, password_hash, kind, organization)
          SELECT substr(md5('%1$s' || n), 1, 24), n || '-%1$s@example.net', '', 'program', '%1$s'
          FROM generate_series(2, 100) AS n RETURNING id)
        INSERT INTO accounts.organization_member (id, organization, account, scopes)
        SELECT '%1$s/' || id, '%1$s', id, '{devices:list}' FROM made
        """
            .formatted(acme));
    var oneMore =
        new OrganizationsRequest.CreateColleagueProgram(acme, "it", List.of("devices:list"));
    assertThat(node.ask(oneMore)).isEqualTo(new MemberRefused(MemberRefused.Reason.TOO_MANY));
    node.ask(new OrganizationsRequest.DeleteOrganization(acme));
    assertThat(token(first.token())).isNull();
    assertThat(entry("account", first.member())).isNull();
    assertThat(node.ask(oneMore)).isInstanceOf(AccountsReply.NotFound.class);
  }
}
