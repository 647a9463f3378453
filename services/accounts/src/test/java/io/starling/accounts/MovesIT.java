package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.EnvRequest;
import io.starling.contract.EnvScope;
import io.starling.contract.JournalPosition;
import io.starling.contract.OrganizationsReply.OrganizationCreated;
import io.starling.contract.OrganizationsRequest;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.ProductsRequest;
import io.starling.contract.TeamsRequest;
import io.starling.contract.WebhooksReply;
import io.starling.contract.WebhooksRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Products that get another owner. */
@ExtendWith(AccountsExtension.class)
class MovesIT {
  private static final List<WebhooksRequest> ASKED = new CopyOnWriteArrayList<>();
  private static boolean served;

  private final AccountsNode node;
  private AccountId ann;
  private AccountId acme;
  private int product;

  MovesIT(AccountsNode node) {
    this.node = node;
  }

  @BeforeEach
  void makeAProduct() throws Exception {
    if (!served) {
      served = true;
      AccountsNode.get(
          node.node()
              .bus()
              .serve(
                  "webhooks",
                  WebhooksRequest.class,
                  request -> {
                    ASKED.add(request);
                    // The first is lost.
                    return Future.succeededFuture(
                        ASKED.size() == 1
                            ? new WebhooksReply.DatabaseDown(1)
                            : new WebhooksReply.Moved(JournalPosition.START));
                  }));
    }
    ann = node.person();
    var make = new OrganizationsRequest.CreateOrganization(ann, "Acme");
    acme = ((OrganizationCreated) node.ask(make)).organization();
    product = node.product(ann);
  }

  @CanIgnoreReturnValue
  private AccountsReply.WriteReply move(AccountId from, AccountId to) throws Exception {
    return node.ask(new ProductsRequest.MoveProduct(from, product, to));
  }

  private void awaitNothingPending() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                node.value("SELECT count(*) FROM accounts.product_move WHERE product = " + product)
                    .equals("0"));
  }

  @Test
  void takesItsDevicesClientsVariablesAndIntegrationsAlong() throws Exception {
    var device = node.devices(ann, product, 1).getFirst();
    var claimed = node.devices(ann, product, 1).getFirst();
    var other = node.person();
    node.execute(
        "UPDATE accounts.device SET owner = '%s' WHERE id = '%s'".formatted(other, claimed));
    var client =
        (PeopleReply.ClientCreated)
            node.ask(new PeopleRequest.CreateClient(ann, product, "app", "installed", null, false));
    for (var scope :
        List.of(EnvScope.of(ann), EnvScope.of(ann, product), EnvScope.of(ann, claimed))) {
      node.ask(new EnvRequest.ChangeEnv(scope, Map.of("A", scope.value()), List.of(), ann));
    }

    assertThat(move(ann, acme)).isInstanceOf(AccountsReply.Written.class);
    assertThat(node.product(product).owner()).isEqualTo(acme);
    assertThat(node.device(device).owner()).isEqualTo(acme);
    assertThat(node.device(claimed).owner()).isEqualTo(other);
    assertThat(node.value("SELECT owner FROM accounts.client WHERE id = '" + client.id() + "'"))
        .isEqualTo(acme.toString());
    for (var scope : List.of(EnvScope.of(ann, product), EnvScope.of(ann, claimed))) {
      assertThat(node.changes("env", scope.key()).getLast().row()).isNull();
    }
    for (var scope : List.of(EnvScope.of(acme, product), EnvScope.of(acme, claimed))) {
      assertThat(node.changes("env", scope.key()).getLast().row()).isNotNull();
    }
    assertThat(node.changes("env", EnvScope.of(ann).key()).getLast().row()).isNotNull();
    awaitNothingPending();
    assertThat(ASKED).contains(new WebhooksRequest.MoveIntegrations(ann, product, acme));
  }

  @Test
  void isInTheAuditOfBoth() throws Exception {
    move(ann, acme);
    for (var account : List.of(ann, acme)) {
      assertThat(
              node.value(
                  """
                  SELECT count(*) FROM starling.audit
                  WHERE account = '%s' AND operation = 'products.move' AND 'product/%d' = ANY(targets)
                  """
                      .formatted(account, product)))
          .isEqualTo("1");
    }
  }

  @Test
  void onlyItsOwnersAndOnlyToWhomCanOwn() throws Exception {
    var other = node.person();
    assertThat(move(other, acme)).isInstanceOf(AccountsReply.NotFound.class);
    assertThat(move(ann, AccountId.create())).isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.product(product).owner()).isEqualTo(ann);
  }

  @Test
  void goesBackWithWhomIsInItsTeamAndItsCustomers() throws Exception {
    var device = node.devices(ann, product, 1).getFirst();
    String email = AccountsNode.newEmail();
    var ben = node.person(email);
    node.ask(new TeamsRequest.AddMember(product, email, "administrator"));
    var customer = customer();
    node.execute(
        "UPDATE accounts.device SET customer = '%s', customer_since = now() WHERE id = '%s'"
            .formatted(customer, device));
    move(ann, acme);
    assertThat(node.device(device).customer()).isEqualTo(customer);
    assertThat(node.changes("member", product + "/" + ben).getLast().row()).isNotNull();
    move(acme, ben);
    assertThat(node.product(product).owner()).isEqualTo(ben);
    assertThat(node.device(device).owner()).isEqualTo(ben);
    assertThat(node.device(device).customer()).isEqualTo(customer);
    // An owner is in no team of his own.
    assertThat(node.changes("member", product + "/" + ben).getLast().row()).isNull();
    awaitNothingPending();
  }

  private AccountId customer() throws Exception {
    var id = AccountId.create();
    node.execute(
        """
        INSERT INTO accounts.account (id, email, password_hash, kind, product)
        VALUES ('%s', '%s', '', 'customer', %d)
        """
            .formatted(id, AccountsNode.newEmail(), product));
    return id;
  }

  @Test
  void moreThanAThousandDevicesFollowOneAfterAnother() throws Exception {
    node.execute(
        """
        INSERT INTO accounts.device (id, owner, product, secret_hash)
        SELECT substr(md5('%2$d-' || n), 1, 24), '%1$s', %2$d, '' FROM generate_series(1, 2500) AS n
        """
            .formatted(ann, product));
    move(ann, acme);
    awaitNothingPending();
    assertThat(
            node.value(
                "SELECT count(*) FROM accounts.device WHERE owner = '%s' AND product = %d"
                    .formatted(acme, product)))
        .isEqualTo("2500");
  }
}
