package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsRequest;
import io.starling.contract.Role;
import io.starling.contract.Scope;
import io.starling.contract.TeamsReply;
import io.starling.contract.TeamsReply.MemberRefused.Reason;
import io.starling.contract.TeamsRequest;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is asked about teams. */
@ExtendWith(AccountsExtension.class)
class TeamRequestsIT {
  private final AccountsNode node;

  TeamRequestsIT(AccountsNode node) {
    this.node = node;
  }

  private Entry.Member member(int product, AccountId account) {
    var row = node.changes("member", product + "/" + account).getLast().row();
    return (Entry.Member) Objects.requireNonNull(Entry.of("member", Objects.requireNonNull(row)));
  }

  private TeamsReply.ProgramToken program(int product, Scope... scopes) throws Exception {
    var names = List.of(scopes).stream().map(Scope::text).toList();
    return (TeamsReply.ProgramToken)
        node.ask(new TeamsRequest.CreateProgram(product, "My Counter!", names));
  }

  private Entry.Token token(String token) {
    var row = node.changes("token", Secrets.hash(token)).getLast().row();
    return (Entry.Token) Objects.requireNonNull(Entry.of("token", Objects.requireNonNull(row)));
  }

  @Test
  void aPersonIsTakenInOnceAndHasARoleUntilTakenOut() throws Exception {
    var ann = node.person();
    String email = AccountsNode.newEmail();
    var ben = node.person(email);
    int product = node.product(ann);
    var add =
        new TeamsRequest.AddMember(product, email.toUpperCase(java.util.Locale.ROOT), "support");

    assertThat(((TeamsReply.MemberAdded) node.ask(add)).member()).isEqualTo(ben);
    assertThat(member(product, ben).role()).isEqualTo(Role.SUPPORT);
    assertThat(node.ask(add)).isEqualTo(new TeamsReply.MemberRefused(Reason.IN_IT_ALREADY));
    node.ask(new TeamsRequest.EditMember(product, ben, "developer"));
    assertThat(member(product, ben).scopes()).isEqualTo(Role.DEVELOPER.scopes());
    assertThat(node.ask(new TeamsRequest.EditMember(product, ann, "developer")))
        .isInstanceOf(AccountsReply.NotFound.class);
    node.ask(new TeamsRequest.RemoveMember(product, ben));
    assertThat(node.changes("member", product + "/" + ben).getLast().row()).isNull();
    assertThat(node.ask(new TeamsRequest.RemoveMember(product, ben)))
        .isInstanceOf(AccountsReply.NotFound.class);
    // It was the membership that went, not the person.
    assertThat(node.value("SELECT kind FROM accounts.account WHERE id = '" + ben + "'"))
        .isEqualTo("person");
  }

  @Test
  void nobodyIsTakenInWhoIsNotThereOrOwnsTheProduct() throws Exception {
    String email = AccountsNode.newEmail();
    int product = node.product(node.person(email));
    for (String unknown :
        new String[] {"nobody@example.org", "'; DROP TABLE accounts.member; --"}) {
      assertThat(node.ask(new TeamsRequest.AddMember(product, unknown, "support")))
          .isEqualTo(new TeamsReply.MemberRefused(Reason.UNKNOWN));
    }
    assertThat(node.ask(new TeamsRequest.AddMember(product, email, "support")))
        .isEqualTo(new TeamsReply.MemberRefused(Reason.IN_IT_ALREADY));
    assertThat(node.ask(new TeamsRequest.AddMember(product + 1, email, "support")))
        .isEqualTo(new TeamsReply.MemberRefused(Reason.UNKNOWN));
    assertThatThrownBy(() -> node.ask(new TeamsRequest.AddMember(product, email, "owner")))
        .hasMessageContaining("RECIPIENT_FAILURE");
  }

  @Test
  void anApiUserHasItsScopesAndOneTokenAndCannotLogIn() throws Exception {
    int product = node.product(node.person());
    var made = program(product, Scope.DEVICES_LIST, Scope.EVENTS_GET);

    assertThat(made.username()).matches("my-counter\\+[0-9a-f]{10}@api\\.starling\\.invalid");
    assertThat(token(made.token()))
        .satisfies(
            token -> {
              assertThat(token.account()).isEqualTo(made.member());
              assertThat(token.product()).isEqualTo(product);
              assertThat(token.expiresAt()).isNull();
              assertThat(token.scopes()).isEqualTo(Set.of(Scope.DEVICES_LIST, Scope.EVENTS_GET));
            });
    assertThat(member(product, made.member()).role()).isNull();
    for (String password : new String[] {"", "x", AccountsNode.PASSWORD}) {
      assertThat(node.ask(new PeopleRequest.LogIn(made.username(), password, "c", "127.0.0.1", 60)))
          .isInstanceOf(PeopleReply.CredentialsInvalid.class);
    }
    assertThat(node.ask(new TeamsRequest.AddMember(product, made.username(), "administrator")))
        .isEqualTo(new TeamsReply.MemberRefused(Reason.UNKNOWN));
    assertThat(node.ask(new TeamsRequest.EditMember(product, made.member(), "administrator")))
        .isInstanceOf(AccountsReply.NotFound.class);
  }

  @Test
  void aNewTokenOfAnApiUserEndsTheOneBefore() throws Exception {
    int product = node.product(node.person());
    var made = program(product, Scope.DEVICES_LIST);
    var renewed =
        (TeamsReply.ProgramToken)
            node.ask(new TeamsRequest.RenewProgram(product, made.member(), List.of()));
    assertThat(renewed.username()).isEqualTo(made.username());
    assertThat(node.changes("token", Secrets.hash(made.token())).getLast().row()).isNull();
    assertThat(token(renewed.token()).scopes()).isEqualTo(Set.of(Scope.DEVICES_LIST));
    var other =
        (TeamsReply.ProgramToken)
            node.ask(new TeamsRequest.RenewProgram(product, made.member(), List.of("events:send")));
    assertThat(token(other.token()).scopes()).isEqualTo(Set.of(Scope.EVENTS_SEND));
    assertThat(member(product, made.member()).scopes()).isEqualTo(Set.of(Scope.EVENTS_SEND));
    assertThatThrownBy(
            () ->
                node.ask(
                    new TeamsRequest.RenewProgram(product, made.member(), List.of("user:manage"))))
        .hasMessageContaining("RECIPIENT_FAILURE");
    assertThat(token(other.token()).scopes()).isEqualTo(Set.of(Scope.EVENTS_SEND));
    assertThat(node.ask(new TeamsRequest.RenewProgram(product + 1, made.member(), List.of())))
        .isInstanceOf(AccountsReply.NotFound.class);
  }

  @Test
  void anApiUserIsGoneWithItsTokenWhenItIsRemovedOrItsProductIsDeleted() throws Exception {
    var ann = node.person();
    int product = node.product(ann);
    var removed = program(product, Scope.DEVICES_LIST);
    node.ask(new TeamsRequest.RemoveMember(product, removed.member()));
    var left = program(product, Scope.DEVICES_LIST);
    assertThat(node.ask(new ProductsRequest.DeleteProduct(ann, product)))
        .isInstanceOf(ProductsReply.Deleted.class);
    for (var gone : List.of(removed, left)) {
      assertThat(node.changes("token", Secrets.hash(gone.token())).getLast().row()).isNull();
      assertThat(node.changes("account", gone.member().toString()).getLast().row()).isNull();
      assertThat(node.changes("member", product + "/" + gone.member()).getLast().row()).isNull();
    }
  }

  @Test
  void aTeamHasOnlySoMany() throws Exception {
    int product = node.product(node.person());
    node.execute(
        """
        WITH made AS (
          INSERT INTO accounts.account (id, email, password_hash)
          SELECT lpad(to_hex(%1$d), 12, '0') || lpad(to_hex(n), 12, '0'), n || '-%1$d@example.net', ''
          FROM generate_series(1, 200) AS n RETURNING id)
        INSERT INTO accounts.member (id, product, account, role)
        SELECT '%1$d/' || id, %1$d, id, 'support' FROM made
        """
            .formatted(product));
    String email = AccountsNode.newEmail();
    var _ = node.person(email);
    assertThat(node.ask(new TeamsRequest.AddMember(product, email, "support")))
        .isEqualTo(new TeamsReply.MemberRefused(Reason.TOO_MANY));
    assertThat(program(product, Scope.DEVICES_LIST).token()).hasSize(40);
  }
}
