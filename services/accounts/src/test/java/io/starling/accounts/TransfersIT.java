package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceChange;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesRequest;
import io.starling.contract.OrganizationsReply;
import io.starling.contract.OrganizationsRequest;
import io.starling.contract.TransfersReply;
import io.starling.contract.TransfersReply.TransferRefused.Reason;
import io.starling.contract.TransfersRequest;
import io.starling.directory.Secrets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Asking for somebody's device, on a real PostgreSQL and a real outbox. */
@ExtendWith(AccountsExtension.class)
class TransfersIT {
  private static final Pattern LINK = Pattern.compile("/account/transfer#([0-9a-f]{40})");

  private final AccountsNode node;
  private AccountId owner = AccountId.create();
  private AccountId friend = owner;
  private DeviceId device = DeviceId.create();

  TransfersIT(AccountsNode node) {
    this.node = node;
  }

  @BeforeEach
  void somebodyWithADevice() throws Exception {
    owner = node.person();
    friend = node.person();
    device = device();
  }

  private DeviceId device() throws Exception {
    return node.devices(owner, node.product(owner), 1).getFirst();
  }

  private TransfersReply.RequestReply ask(AccountId who, DeviceId device) throws Exception {
    return node.ask(new TransfersRequest.RequestTransfer(who, device));
  }

  private String asked(AccountId who) throws Exception {
    return ((TransfersReply.TransferRequested) ask(who, device)).transfer();
  }

  private List<TransfersReply.TransferLine> list(AccountId account) throws Exception {
    return ((TransfersReply.TransfersFound) node.ask(new TransfersRequest.ListTransfers(account)))
        .transfers();
  }

  private AccountsReply.WriteReply answer(AccountId who, String transfer, boolean accept)
      throws Exception {
    return node.ask(new TransfersRequest.AnswerTransfer(who, transfer, accept));
  }

  private String mailTo(AccountId account) throws Exception {
    String email = node.email(account);
    await().until(() -> node.mailsTo(email).size() == 1);
    return node.mailsTo(email).getFirst();
  }

  @Test
  void allWhoOwnAnOrganizationAreToldAndItIsAskedAsOne() throws Exception {
    var make = new OrganizationsRequest.CreateOrganization(owner, "Acme");
    var acme = ((OrganizationsReply.OrganizationCreated) node.ask(make)).organization();
    var other = node.person();
    var support = node.person();
    node.ask(new OrganizationsRequest.AddColleague(acme, node.email(other), "owner"));
    node.ask(new OrganizationsRequest.AddColleague(acme, node.email(support), "support"));
    device = node.devices(acme, node.product(acme), 1).getFirst();

    String transfer = asked(friend);
    assertThat(mailTo(owner)).contains(device.toString());
    assertThat(mailTo(other)).contains(device.toString());
    assertThat(node.mailsTo(node.email(support))).isEmpty();
    assertThat(list(acme)).hasSize(1);
    assertThat(answer(owner, transfer, true)).isInstanceOf(AccountsReply.NotFound.class);
    assertThat(answer(acme, transfer, true)).isInstanceOf(AccountsReply.Written.class);
    assertThat(node.device(device).owner()).isEqualTo(friend);
  }

  @Test
  void theOwnerIsToldByMailOnceAndGivesTheDeviceByTheLink() throws Exception {
    var name = new DevicesRequest.EditDevice(owner, 0, device, DeviceChange.named("kitchen"));
    assertThat(node.ask(name)).isInstanceOf(DevicesReply.Edited.class);
    String transfer = asked(friend);
    String mail = mailTo(owner);
    assertThat(mail).contains(node.email(friend), device.toString());
    assertThat(asked(friend)).isEqualTo(transfer);
    assertThat(node.device(device).owner()).isEqualTo(owner);

    var link = LINK.matcher(mail);
    assertThat(link.find()).isTrue();
    var accept = new TransfersRequest.AnswerByLink(Secrets.hash(link.group(1)), true);
    assertThat(node.ask(accept)).isInstanceOf(AccountsReply.Written.class);
    assertThat(node.device(device).owner()).isEqualTo(friend);
    assertThat(node.device(device).name()).isNull();
    assertThat(mailTo(friend)).contains("The device is yours");
    assertThat(mailTo(owner)).isEqualTo(mail);
    assertThat(node.ask(accept)).isInstanceOf(AccountsReply.NotFound.class);
  }

  @Test
  void bothSeeItAndOnlyTheOwnerAnswers() throws Exception {
    String transfer = asked(friend);
    assertThat(list(owner).getFirst().requester()).isEqualTo(node.email(friend));
    assertThat(list(friend).getFirst().requester()).isNull();
    assertThat(list(friend).getFirst().device()).isEqualTo(device);
    var stranger = node.person();
    assertThat(list(stranger)).isEmpty();
    for (var other : new AccountId[] {friend, stranger}) {
      assertThat(answer(other, transfer, true)).isInstanceOf(AccountsReply.NotFound.class);
    }
    assertThat(answer(owner, transfer, true)).isInstanceOf(AccountsReply.Written.class);
    assertThat(node.device(device).owner()).isEqualTo(friend);
    assertThat(list(owner)).isEmpty();
  }

  @Test
  void whoWasToldNoDoesNotAskAgain() throws Exception {
    String transfer = asked(friend);
    assertThat(answer(owner, transfer, false)).isInstanceOf(AccountsReply.Written.class);
    assertThat(node.device(device).owner()).isEqualTo(owner);
    assertThat(ask(friend, device)).isEqualTo(new TransfersReply.TransferRefused(Reason.TOO_MANY));
    assertThat(list(friend)).isEmpty();
    assertThat(answer(owner, transfer, true)).isInstanceOf(AccountsReply.NotFound.class);
  }

  @Test
  void whatIsTakenBackIsOver() throws Exception {
    String transfer = asked(friend);
    assertThat(node.ask(new TransfersRequest.WithdrawTransfer(owner, transfer)))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.ask(new TransfersRequest.WithdrawTransfer(friend, transfer)))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(answer(owner, transfer, true)).isInstanceOf(AccountsReply.NotFound.class);
  }

  @Test
  void anAnswerAfterSevenDaysOrToAFormerOwnerChangesNothing() throws Exception {
    String late = asked(friend);
    node.execute(
        "UPDATE accounts.transfer SET created_at = now() - interval '8 days' WHERE id = '%s'"
            .formatted(late));
    assertThat(list(owner)).isEmpty();
    assertThat(answer(owner, late, true)).isInstanceOf(AccountsReply.NotFound.class);

    device = device();
    String former = asked(friend);
    node.ask(new DevicesRequest.ReleaseDevice(owner, device));
    assertThat(answer(owner, former, true)).isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.device(device).owner()).isNull();
  }

  @Test
  void anAccountAsksForSoManyOnlyAndForNothingThatIsNobodys() throws Exception {
    var devices = node.devices(owner, Objects.requireNonNull(node.device(device)).product(), 11);
    for (var each : devices.subList(0, 10)) {
      assertThat(ask(friend, each)).isInstanceOf(TransfersReply.TransferRequested.class);
    }
    assertThat(ask(friend, devices.getLast()))
        .isEqualTo(new TransfersReply.TransferRefused(Reason.TOO_MANY));

    var other = node.person();
    node.ask(new DevicesRequest.ReleaseDevice(owner, device));
    var unknown = new TransfersReply.TransferRefused(Reason.UNKNOWN);
    assertThat(ask(other, device)).isEqualTo(unknown);
    assertThat(ask(other, DeviceId.create())).isEqualTo(unknown);
    assertThat(ask(owner, devices.getLast())).isEqualTo(unknown);
  }
}
