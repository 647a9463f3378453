package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesRequest;
import io.starling.contract.ImportsReply;
import io.starling.contract.ImportsReply.DeviceImport;
import io.starling.contract.ImportsReply.ImportRefused;
import io.starling.contract.ImportsReply.Problem;
import io.starling.contract.ImportsReply.Progress;
import io.starling.contract.ImportsRequest;
import io.starling.contract.ProductsRequest;
import io.starling.directory.Secrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Files of devices that are taken into a product while nobody waits for it. */
@ExtendWith(AccountsExtension.class)
class ImportsIT {
  private static final String HASH = Secrets.hash("made in the factory");

  private final AccountsNode node;

  ImportsIT(AccountsNode node) {
    this.node = node;
  }

  @CanIgnoreReturnValue
  private String begin(AccountId owner, int product) throws Exception {
    return ((ImportsReply.ImportBegun) node.ask(new ImportsRequest.BeginImport(owner, product)))
        .id();
  }

  /** Stores lines in pieces of a size and has them taken in. */
  private String upload(AccountId owner, int product, List<String> lines, int size)
      throws Exception {
    String id = begin(owner, product);
    int pieces = 0;
    for (int from = 0; from < lines.size(); from += size) {
      var some = List.copyOf(lines.subList(from, Math.min(from + size, lines.size())));
      var piece = new ImportsRequest.AppendToImport(owner, product, id, pieces++, from + 1, some);
      node.ask(piece);
      // A request that is sent twice.
      assertThat(node.ask(piece)).isInstanceOf(AccountsReply.Written.class);
    }
    node.ask(new ImportsRequest.RunImport(owner, product, id, pieces, lines.size()));
    return id;
  }

  private DeviceImport find(AccountId owner, int product, String id) throws Exception {
    return ((ImportsReply.ImportFound) node.ask(new ImportsRequest.FindImport(owner, product, id)))
        .found();
  }

  @CanIgnoreReturnValue
  private DeviceImport ended(AccountId owner, int product, String id) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> find(owner, product, id), found -> found.finishedAtMillis() != null);
  }

  private static List<String> newLines(int count) {
    return Stream.generate(() -> DeviceId.create() + ",,,," + HASH).limit(count).toList();
  }

  private String count(int product) throws Exception {
    return node.value("SELECT count(*) FROM accounts.device WHERE product = " + product);
  }

  @Test
  void whatIsPrintedOnADeviceClaimsItOnce() throws Exception {
    var ann = node.person();
    int product = node.product(ann);
    var there = node.devices(ann, product, 1).getFirst();
    var made = DeviceId.create();
    var eve = node.person();
    var elsewhere = node.devices(eve, node.product(eve), 1).getFirst();
    String claim = Secrets.hash("printed");
    var lines =
        List.of(
            "id,secret_hash,claim_secret_hash",
            there + ",," + claim,
            made + "," + HASH + "," + claim.toUpperCase(Locale.ROOT),
            elsewhere + "," + HASH + "," + claim);
    ended(ann, product, upload(ann, product, lines, 10));
    var ben = node.person();
    for (var device : List.of(there, made)) {
      var right = new DevicesRequest.ClaimBySecret(ben, device, "printed", "7.4.1.1");
      assertThat(node.ask(right)).isInstanceOf(DevicesReply.Claimed.class);
      assertThat(node.device(device).owner()).isEqualTo(ben);
    }
    var another = new DevicesRequest.ClaimBySecret(ben, elsewhere, "printed", "7.4.1.1");
    assertThat(node.ask(another))
        .isEqualTo(new DevicesReply.ClaimRefused(DevicesReply.ClaimRefused.Reason.CODE_INVALID));
    assertThat(node.value("SELECT count(*) FROM accounts.claim_secret")).isEqualTo("0");
  }

  @Test
  void eachLineIsAddedMadePassedOverOrRefused() throws Exception {
    var ann = node.person();
    var ben = node.person();
    int product = node.product(ann);
    int other = node.product(ann);
    var inside = node.devices(ann, product, 2);
    var foreign = node.devices(ben, node.product(ben), 1).getFirst();
    var elsewhere = node.devices(ann, other, 1).getFirst();
    var free = node.devices(ann, other, 1).getFirst();
    node.execute("UPDATE accounts.device SET product = NULL WHERE id = '%s'".formatted(free));
    node.ask(new ProductsRequest.CreateGroup(ann, product, "north", "", ""));
    var made = DeviceId.create();
    var lines =
        List.of(
            "\uFEFFName,ID,Serial Number,Group,Colour,secret_hash",
            "\"Hall, left\"," + inside.get(0) + ",S-1,north,red,",
            "," + free + ",S-2,,,",
            "",
            "new," + made + ",S-3,north,," + HASH,
            "," + foreign + ",,,," + HASH,
            "," + elsewhere + ",,,,",
            "," + DeviceId.create() + ",,,,",
            ",xyz,,,,",
            "," + inside.get(1) + ",S-1,,,",
            "," + inside.get(1) + ",,south,,",
            "," + made + ",,,,",
            "\"," + made);

    var found = ended(ann, product, upload(ann, product, lines, 5));

    assertThat(found.state()).isEqualTo("done");
    assertThat(found.lines()).isEqualTo(13);
    assertThat(found.progress()).isEqualTo(new Progress(11, 1, 1, 2, 3, 4));
    assertThat(found.problems().stream().map(Problem::line))
        .containsExactlyInAnyOrder(9, 10, 11, 13);
    assertThat(node.device(inside.get(0)).name()).isEqualTo("Hall, left");
    assertThat(node.device(inside.get(0)).settings().groups()).hasSize(1);
    assertThat(node.device(free).product()).isEqualTo(product);
    assertThat(node.device(free).settings().serialNumber()).isEqualTo("S-2");
    assertThat(node.device(made).secretHash()).isEqualTo(HASH);
    assertThat(node.device(made).owner()).isEqualTo(ann);
    assertThat(node.device(foreign).owner()).isEqualTo(ben);
    assertThat(node.device(elsewhere).product()).isEqualTo(other);
  }

  @Test
  void goesOnBehindTheLastPieceWhenTheServiceWasGone() throws Exception {
    var ann = node.person();
    int product = node.product(ann);
    var lines = newLines(3_000);
    String id = upload(ann, product, lines, 100);
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> find(ann, product, id).progress().read() >= 300);
    node.close();
    int before = Integer.parseInt(count(product));
    assertThat(before).isBetween(300, 2_900);

    node.restart();
    var found = ended(ann, product, id);

    assertThat(found.progress()).isEqualTo(new Progress(3_000, 0, 3_000, 0, 0, 0));
    assertThat(count(product)).isEqualTo("3000");
    assertThat(
            node.value(
                "SELECT count(*) FROM accounts.device_import_piece WHERE import = '%s'"
                    .formatted(id)))
        .isEqualTo("0");
  }

  @Test
  void theSameFileAgainChangesNothing() throws Exception {
    var ann = node.person();
    int product = node.product(ann);
    var lines = new ArrayList<>(newLines(200));
    lines.set(0, DeviceId.create() + ",serial,name,," + HASH);
    ended(ann, product, upload(ann, product, lines, 100));
    String changes = node.value("SELECT count(*) FROM starling.change_log");

    var again = ended(ann, product, upload(ann, product, lines, 100));

    assertThat(again.progress()).isEqualTo(new Progress(200, 0, 0, 200, 0, 0));
    assertThat(node.value("SELECT count(*) FROM starling.change_log")).isEqualTo(changes);
  }

  @Test
  void oneThatIsCancelledTakesNoMoreIn() throws Exception {
    var ann = node.person();
    int product = node.product(ann);
    String id = upload(ann, product, newLines(3_000), 50);
    node.ask(new ImportsRequest.CancelImport(ann, product, id));

    assertThat(find(ann, product, id).state()).isEqualTo("cancelled");
    String then = count(product);
    ended(ann, product, upload(ann, product, newLines(1), 1));
    assertThat(Integer.parseInt(count(product))).isEqualTo(Integer.parseInt(then) + 1);
    assertThat(node.ask(new ImportsRequest.CancelImport(ann, product, id)))
        .isInstanceOf(AccountsReply.Written.class);
  }

  @Test
  void thereIsOneOfAProductAndAnothersAreNotTold() throws Exception {
    var ann = node.person();
    var ben = node.person();
    int product = node.product(ann);
    String id = begin(ann, product);

    assertThat(node.ask(new ImportsRequest.BeginImport(ann, product)))
        .isEqualTo(new ImportRefused(ImportRefused.Reason.ONE_OF_THE_PRODUCT));
    for (var request :
        List.of(
            new ImportsRequest.FindImport(ben, product, id),
            new ImportsRequest.FindImport(ann, product, "none"))) {
      assertThat(node.ask(request)).isInstanceOf(AccountsReply.NotFound.class);
    }
    assertThat(node.ask(new ImportsRequest.BeginImport(ben, product)))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.ask(new ImportsRequest.ListImports(ben, product)))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.ask(new ImportsRequest.CancelImport(ben, product, id)))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.ask(new ImportsRequest.AppendToImport(ben, product, id, 0, 1, List.of("a"))))
        .isInstanceOf(AccountsReply.NotFound.class);
    var listed = (ImportsReply.ImportsFound) node.ask(new ImportsRequest.ListImports(ann, product));
    assertThat(listed.imports().stream().map(DeviceImport::id)).containsExactly(id);
  }

  @Test
  void anAccountHasFiveAtATime() throws Exception {
    var ann = node.person();
    for (int i = 0; i < 5; i++) {
      begin(ann, node.product(ann));
    }
    assertThat(node.ask(new ImportsRequest.BeginImport(ann, node.product(ann))))
        .isEqualTo(new ImportRefused(ImportRefused.Reason.MANY_OF_THE_ACCOUNT));
  }

  @Test
  void aPieceThatCannotBeTakenInEndsItAndHoldsUpNoOther() throws Exception {
    var ann = node.person();
    int product = node.product(ann);
    String id = "broken" + product;
    node.execute(
        "INSERT INTO accounts.device_import (id, product, state, pieces)"
            + " VALUES ('%s', %d, 'waiting', 1)".formatted(id, product));

    assertThat(ended(ann, product, id).state()).isEqualTo("failed");
    assertThat(ended(ann, product, upload(ann, product, newLines(3), 3)).state()).isEqualTo("done");
  }
}
