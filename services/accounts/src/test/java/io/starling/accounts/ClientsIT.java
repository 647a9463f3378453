package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsRequest;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** OAuth clients and their tokens, on a real PostgreSQL. */
@ExtendWith(AccountsExtension.class)
class ClientsIT {
  private final AccountsNode accounts;

  private AccountId owner;
  private AccountId stranger;
  private int product;

  ClientsIT(AccountsNode accounts) {
    this.accounts = accounts;
  }

  @BeforeEach
  void people() throws Exception {
    owner = accounts.person(AccountsNode.newEmail());
    stranger = accounts.person(AccountsNode.newEmail());
    var create = new ProductsRequest.CreateProduct(owner, "Weather", "", 0);
    product = ((ProductsReply.ProductCreated) accounts.ask(create)).product();
  }

  private PeopleReply.CreateClientReply create(AccountId account, int product) throws Exception {
    return accounts.ask(
        new PeopleRequest.CreateClient(account, product, "My App!", "installed", null));
  }

  private PeopleReply.ClientCreated made(int product) throws Exception {
    return (PeopleReply.ClientCreated) create(owner, product);
  }

  private PeopleReply.LogInReply issue(String client) throws Exception {
    return accounts.ask(new PeopleRequest.IssueClientToken(client, 60));
  }

  private boolean isGood(PeopleReply.LogInReply in) {
    String token = ((PeopleReply.LoggedIn) in).token();
    return accounts.changes("token", Secrets.hash(token)).getLast().row() != null;
  }

  @Test
  void aClientIsInTheDirectoryWithTheHashOfItsSecret() throws Exception {
    var made = made(product);
    assertThat(made.id()).matches("my-app-\\d{4}");
    var row = Objects.requireNonNull(accounts.changes("client", made.id()).getLast().row());
    assertThat(row).doesNotContain(made.secret());
    var client = (Entry.Client) Objects.requireNonNull(Entry.of("client", row));
    assertThat(client.product()).isEqualTo(product);
    assertThat(Secrets.matches(made.secret(), client.secretHash())).isTrue();
  }

  @Test
  void clientsAreTheOwners() throws Exception {
    assertThat(create(stranger, product)).isInstanceOf(PeopleReply.ClientNotFound.class);
    String id = made(product).id();
    for (var refused :
        new PeopleRequest.DeleteClient[] {
          new PeopleRequest.DeleteClient(stranger, product, id),
          new PeopleRequest.DeleteClient(owner, 0, id),
          new PeopleRequest.DeleteClient(owner, product, "unknown")
        }) {
      assertThat(accounts.ask(refused)).isInstanceOf(PeopleReply.ClientNotFound.class);
    }
    assertThat(accounts.ask(new PeopleRequest.EditClient(stranger, product, id, "x")))
        .isInstanceOf(PeopleReply.ClientNotFound.class);
    assertThat(accounts.ask(new PeopleRequest.EditClient(owner, product, id, "x")))
        .isInstanceOf(PeopleReply.Written.class);
    assertThat(accounts.changes("client", id).getLast().row()).contains("\"name\": \"x\"");
  }

  @Test
  void aTokenOfAProductsClientIsForThatProductUntilTheClientIsDeleted() throws Exception {
    String id = made(product).id();
    var in = (PeopleReply.LoggedIn) issue(id);
    var row = accounts.changes("token", Secrets.hash(in.token())).getLast().row();
    var token =
        (Entry.Token) Objects.requireNonNull(Entry.of("token", Objects.requireNonNull(row)));
    assertThat(token.product()).isEqualTo(product);
    assertThat(token.account()).isEqualTo(owner);
    assertThat(isGood(in)).isTrue();

    accounts.ask(new PeopleRequest.DeleteClient(owner, product, id));
    assertThat(isGood(in)).isFalse();
    assertThat(issue(id)).isInstanceOf(PeopleReply.CredentialsInvalid.class);
  }

  @Test
  void aClientOfNoProductActsForNobody() throws Exception {
    assertThat(issue(made(0).id())).isInstanceOf(PeopleReply.CredentialsInvalid.class);
  }

  @Test
  void anAccountHasAHundredClientsAtMost() throws Exception {
    accounts.execute(
        "INSERT INTO accounts.client (id, owner, name, type, secret_hash)"
            + " SELECT '%s-' || i, '%s', 'n', 'installed', ''".formatted(owner, owner)
            + " FROM generate_series(1, 99) AS i");
    assertThat(create(owner, 0)).isInstanceOf(PeopleReply.ClientCreated.class);
    assertThat(create(owner, 0)).isInstanceOf(PeopleReply.TooManyClients.class);
  }
}
