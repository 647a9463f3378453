package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.LibrariesReply;
import io.starling.contract.LibrariesReply.Library;
import io.starling.contract.LibrariesReply.LibraryRefused;
import io.starling.contract.LibrariesReply.LibraryRefused.Reason;
import io.starling.contract.LibrariesRequest;
import io.starling.contract.LibrariesRequest.Order;
import io.starling.contract.LibrariesRequest.Whose;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Libraries, on a real PostgreSQL. */
@ExtendWith(AccountsExtension.class)
class LibrariesIT {
  private final AccountsNode accounts;
  private AccountId account;
  private AccountId other;

  LibrariesIT(AccountsNode accounts) {
    this.accounts = accounts;
  }

  @BeforeEach
  void somebody() throws Exception {
    accounts.execute("DELETE FROM accounts.library");
    account = accounts.person();
    other = accounts.person();
  }

  private LibrariesReply.AddReply add(AccountId who, String name, String version, String archive)
      throws Exception {
    var properties = Map.of("sentence", "Blinks " + name, "architectures", "argon, boron");
    return accounts.ask(
        new LibrariesRequest.AddLibrary(who, name, version, properties, Buffer.buffer(archive)));
  }

  private Library get(AccountId who, String name) throws Exception {
    var request = new LibrariesRequest.GetLibrary(who, name, null);
    return ((LibrariesReply.LibraryFound) accounts.ask(request)).library();
  }

  private boolean sees(AccountId who, String name, @Nullable String version) throws Exception {
    return accounts.ask(new LibrariesRequest.GetLibrary(who, name, version))
        instanceof LibrariesReply.LibraryFound;
  }

  private LibrariesReply.PublishReply publish(AccountId who, String name) throws Exception {
    return accounts.ask(new LibrariesRequest.PublishLibrary(who, name));
  }

  private List<String> find(AccountId who, String filter, Whose whose, boolean notMine, Order order)
      throws Exception {
    return find(
        new LibrariesRequest.FindLibraries(
            who, filter, whose, notMine, List.of(), "", order, 0, 100));
  }

  private List<String> find(LibrariesRequest.FindLibraries request) throws Exception {
    return ((LibrariesReply.LibrariesFound) accounts.ask(request))
        .libraries().stream().map(each -> each.name() + " " + each.version()).toList();
  }

  private LibrariesReply.DownloadReply download(String link) throws Exception {
    return accounts.ask(new LibrariesRequest.DownloadLibrary(link));
  }

  @Test
  void aVersionIsItsAccountsUntilItIsPublishedAndThenForGood() throws Exception {
    assertThat(add(account, "blink", "1.0.0", "one"))
        .isInstanceOf(LibrariesReply.LibraryFound.class);
    assertThat(sees(other, "blink", null)).isFalse();
    assertThat(publish(other, "blink")).isInstanceOf(AccountsReply.NotFound.class);
    assertThat(publish(account, "blink")).isInstanceOf(LibrariesReply.LibraryFound.class);
    var seen = get(other, "BLINK");
    assertThat(seen).matches(library -> !library.mine() && library.published());

    assertThat(add(account, "blink", "1.0.0", "else"))
        .isEqualTo(new LibraryRefused(Reason.PUBLISHED));
    assertThat(add(account, "blink", "1.1.0", "two"))
        .isInstanceOf(LibrariesReply.LibraryFound.class);
    assertThat(add(account, "blink", "1.1.0", "2")).isInstanceOf(LibrariesReply.LibraryFound.class);
    assertThat(get(other, "blink").version()).isEqualTo("1.0.0");
    assertThat(sees(other, "blink", "1.1.0")).isFalse();
    assertThat(get(account, "blink").version()).isEqualTo("1.1.0");
    var versions = new LibrariesRequest.FindLibraryVersions(account, "blink", 0, 10);
    assertThat(((LibrariesReply.LibrariesFound) accounts.ask(versions)).libraries())
        .extracting(Library::version)
        .containsExactly("1.1.0", "1.0.0");
    assertThat(accounts.ask(new LibrariesRequest.DeleteLibrary(account, "blink")))
        .isEqualTo(new LibraryRefused(Reason.PUBLISHED));
  }

  @Test
  void onePublicLibraryHasAName() throws Exception {
    var _ = add(account, "blink", "1.0.0", "one");
    var _ = add(other, "Blink", "9.0.0", "two");
    var _ = publish(account, "blink");
    assertThat(publish(other, "Blink")).isEqualTo(new LibraryRefused(Reason.NAME_IN_USE));
    assertThat(get(other, "Blink").version()).isEqualTo("9.0.0");
    assertThat(get(account, "blink").version()).isEqualTo("1.0.0");
    assertThat(accounts.ask(new LibrariesRequest.DeleteLibrary(other, "Blink")))
        .isInstanceOf(LibrariesReply.LibraryDeleted.class);
    assertThat(get(other, "Blink").version()).isEqualTo("1.0.0");
  }

  @Test
  void librariesAreFoundByWhatIsSaidOfThem() throws Exception {
    for (String name : List.of("b-lamp", "a-motor", "c-lamp")) {
      var _ = add(account, name, "1.0.0", name);
    }
    var _ = publish(account, "b-lamp");
    var _ = publish(account, "a-motor");
    assertThat(find(account, "LAMP", Whose.ALL, false, Order.NAME_BACKWARDS))
        .containsExactly("c-lamp 1.0.0", "b-lamp 1.0.0");
    assertThat(find(account, "blinks a", Whose.MINE, false, Order.NAME))
        .containsExactly("a-motor 1.0.0");
    assertThat(find(account, "", Whose.PRIVATE, false, Order.NAME)).containsExactly("c-lamp 1.0.0");
    assertThat(find(account, "", Whose.ALL, true, Order.NAME)).isEmpty();
    assertThat(find(other, "", Whose.ALL, true, Order.OLDEST))
        .containsExactly("b-lamp 1.0.0", "a-motor 1.0.0");
    assertThat(find(other, "", Whose.PUBLIC, false, Order.NEWEST)).hasSize(2);
    assertThat(find(other, "", Whose.MINE, false, Order.LEAST_INSTALLED)).isEmpty();
    var boron =
        new LibrariesRequest.FindLibraries(
            other, "", Whose.ALL, false, List.of("boron"), "", Order.NAME, 1, 1);
    assertThat(find(boron)).containsExactly("b-lamp 1.0.0");
    var photon =
        new LibrariesRequest.FindLibraries(
            other, "", Whose.ALL, false, List.of("photon"), "", Order.NAME, 0, 10);
    assertThat(find(photon)).isEmpty();
  }

  @Test
  void whoHasALinkGetsTheArchiveAndIsCounted() throws Exception {
    var _ = add(account, "blink", "1.0.0", "the archive");
    String link = get(account, "blink").link();
    assertThat(download(link))
        .isEqualTo(new LibrariesReply.LibraryArchive(Buffer.buffer("the archive")));
    assertThat(get(account, "blink").installs()).isEqualTo(1);
    assertThat(download(link.substring(0, link.length() - 2) + "AA"))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(download("nothing")).isInstanceOf(AccountsReply.NotFound.class);
    assertThat(download("made-here.*")).isInstanceOf(AccountsReply.NotFound.class);
    accounts.execute("DELETE FROM accounts.library");
    assertThat(download(link)).isInstanceOf(AccountsReply.NotFound.class);
  }

  @Test
  void theSameArchiveIsKeptOnce() throws Exception {
    var _ = add(account, "blink", "1.0.0", "the same archive");
    var _ = add(other, "blonk", "2.0.0", "the same archive");
    assertThat(
            accounts.value(
                "SELECT count(*) FROM accounts.library_blob WHERE bytes = 'the same archive'"))
        .isEqualTo("1");
  }

  @Test
  void anAccountHasRoomForSoMuch() throws Exception {
    var _ = add(account, "blink", "1.0.0", "one");
    accounts.execute("UPDATE accounts.library_version SET size = " + LibrariesRequest.MOST_BYTES);
    assertThat(add(account, "blink", "2.0.0", "two")).isEqualTo(new LibraryRefused(Reason.NO_ROOM));
    assertThat(add(account, "blink", "1.0.0", "two"))
        .isInstanceOf(LibrariesReply.LibraryFound.class);
  }
}
