package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountsReply;
import io.starling.contract.DevicesRequest;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsRequest;
import io.starling.contract.TopicPermission;
import io.starling.contract.TopicPermission.Action;
import io.starling.contract.TopicPermission.Effect;
import io.starling.directory.Entry;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is asked about products. */
@ExtendWith(AccountsExtension.class)
class ProductRequestsIT {
  private final AccountsNode node;

  ProductRequestsIT(AccountsNode node) {
    this.node = node;
  }

  @Test
  void permissionsAreTheOwnersAndInTheDirectoryWhenTheyAreSet() throws Exception {
    var ann = node.person();
    var ben = node.person();
    int product = node.product(ann);
    var denied = new TopicPermission(Effect.DENY, Action.PUBLISH, "%device%/\u00fc'\"/#");

    assertThat(node.ask(new ProductsRequest.SetPermissions(ben, product, List.of(denied))))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(permissions(product)).isEmpty();
    assertThat(node.ask(new ProductsRequest.SetPermissions(ann, product, List.of(denied))))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(permissions(product)).containsExactly(denied);
    node.ask(new ProductsRequest.SetPermissions(ann, product, List.of()));
    assertThat(permissions(product)).isEmpty();
  }

  @Test
  void anAuthorityIsAddedByWhoHasItsKeyAndAProductHasOnlySoMany() throws Exception {
    var ann = node.person();
    var ben = node.person();
    int product = node.product(ann);
    var signer = new Signer("one");
    var another = new Signer("another");
    String proof = signer.sign("starling-product-" + product);
    String others = another.sign("starling-product-" + product);

    assertThat(node.ask(new ProductsRequest.AddAuthority(ben, product, signer.pem(), proof)))
        .isInstanceOf(AccountsReply.NotFound.class);
    for (var bad :
        List.of(
            List.of("nothing", proof),
            List.of(proof, proof),
            List.of(signer.pem(), ""),
            List.of(signer.pem(), signer.pem()),
            List.of(signer.pem(), others))) {
      assertThat(
              node.ask(
                  new ProductsRequest.AddAuthority(ann, product, bad.getFirst(), bad.getLast())))
          .isInstanceOf(ProductsReply.AuthorityRefused.class);
    }
    var added =
        (ProductsReply.AuthorityAdded)
            node.ask(new ProductsRequest.AddAuthority(ann, product, signer.pem(), proof));
    String key = product + "/" + added.fingerprint();
    var row = Objects.requireNonNull(node.changes("product_authority", key).getLast().row());
    assertThat(Entry.of("product_authority", row)).isInstanceOf(Entry.ProductAuthority.class);
    // Again is fine.
    assertThat(node.ask(new ProductsRequest.AddAuthority(ann, product, signer.pem(), proof)))
        .isInstanceOf(ProductsReply.AuthorityAdded.class);

    fill(product);
    assertThat(node.ask(new ProductsRequest.AddAuthority(ann, product, another.pem(), others)))
        .isEqualTo(new ProductsReply.AuthorityRefused("the product has 10 authorities already"));

    assertThat(node.ask(new ProductsRequest.RemoveAuthority(ben, product, added.fingerprint())))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.ask(new ProductsRequest.RemoveAuthority(ann, product, added.fingerprint())))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(node.changes("product_authority", key).getLast().row()).isNull();
  }

  private void fill(int product) throws Exception {
    node.execute(
        "INSERT INTO accounts.product_authority (id, product, fingerprint, certificate)"
            + " SELECT 'x' || i, %d, 'x' || i, '' FROM generate_series(1, 9) AS i"
                .formatted(product));
  }

  private List<TopicPermission> permissions(int product) {
    return node.product(product).permissions().permissions();
  }

  private Entry.DeviceGroup groupRow(String id) {
    var row = Objects.requireNonNull(node.changes("device_group", id).getLast().row());
    return (Entry.DeviceGroup) Objects.requireNonNull(Entry.of("device_group", row));
  }

  @Test
  void aGroupIsTheOwnersAndItsNameIsItsOwn() throws Exception {
    var ann = node.person();
    var ben = node.person();
    int product = node.product(ann);
    var create = new ProductsRequest.CreateGroup(ann, product, "red", "d", "#f00");

    assertThat(node.ask(new ProductsRequest.CreateGroup(ben, product, "red", "", "")))
        .isInstanceOf(AccountsReply.NotFound.class);
    String id = ((ProductsReply.GroupSaved) node.ask(create)).id();
    assertThat(groupRow(id).name()).isEqualTo("red");
    var inUse = new ProductsReply.GroupRefused(ProductsReply.GroupRefused.Reason.NAME_IN_USE);
    assertThat(node.ask(create)).isEqualTo(inUse);
    node.ask(new ProductsRequest.CreateGroup(ann, product, "blue", "", ""));
    assertThat(node.ask(new ProductsRequest.EditGroup(ann, product, "red", "blue", null, null)))
        .isEqualTo(inUse);
    node.ask(new ProductsRequest.EditGroup(ann, product, "red", "dark", null, "#800"));
    assertThat(groupRow(id).name() + groupRow(id).description() + groupRow(id).color())
        .isEqualTo("darkd#800");
    assertThat(node.ask(new ProductsRequest.DeleteGroup(ben, product, "dark")))
        .isInstanceOf(AccountsReply.NotFound.class);
    node.ask(new ProductsRequest.DeleteGroup(ann, product, "dark"));
    assertThat(node.changes("device_group", id).getLast().row()).isNull();
  }

  @Test
  void aProductHasOnlySoManyGroups() throws Exception {
    var ann = node.person();
    int product = node.product(ann);
    node.execute(
        "INSERT INTO accounts.device_group (id, product, name, description, color)"
            + " SELECT 'g%1$d-' || i, %1$d, 'g' || i, '', '' FROM generate_series(1, 1000) AS i"
                .formatted(product));
    assertThat(node.ask(new ProductsRequest.CreateGroup(ann, product, "one-more", "", "")))
        .isEqualTo(new ProductsReply.GroupRefused(ProductsReply.GroupRefused.Reason.TOO_MANY));
  }

  @Test
  void aProductIsChangedByItsOwner() throws Exception {
    var ann = node.person();
    int product = node.product(ann);
    var edit =
        new ProductsRequest.EditProduct(
            ann, product, "Lamp", null, true, "{\"location\":{\"a\":1}}");
    var others = ProductsRequest.EditProduct.quarantine(node.person(), product, true);

    assertThat(node.ask(others)).isInstanceOf(AccountsReply.NotFound.class);
    node.ask(edit);
    node.ask(new ProductsRequest.EditProduct(ann, product, null, "d", null, "{\"other\":{}}"));
    var row = node.product(product);
    assertThat(row.name()).isEqualTo("Lamp");
    assertThat(row.description()).isEqualTo("d");
    assertThat(row.quarantine()).isTrue();
    assertThat(row.settings().fieldNames()).containsExactlyInAnyOrder("location", "other");
  }

  @Test
  void aProductIsDeletedWhereItIsEmpty() throws Exception {
    var ann = node.person();
    int product = node.product(ann);
    var device = node.devices(ann, product, 1).getFirst();
    var delete = new ProductsRequest.DeleteProduct(ann, product);

    assertThat(node.ask(new ProductsRequest.DeleteProduct(node.person(), product)))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.ask(delete)).isEqualTo(new ProductsReply.NotEmpty());
    node.ask(new DevicesRequest.RemoveDevice(ann, product, device, false));
    node.ask(new ProductsRequest.CreateGroup(ann, product, "red", "", ""));
    assertThat(node.ask(delete)).isInstanceOf(ProductsReply.Deleted.class);
    assertThat(node.changes("product", Integer.toString(product)).getLast().row()).isNull();
    assertThat(node.ask(delete)).isInstanceOf(AccountsReply.NotFound.class);
  }
}
