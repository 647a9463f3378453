package io.starling.api;

import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.BusMessage;
import io.starling.contract.LibrariesReply;
import io.starling.contract.LibrariesReply.Library;
import io.starling.contract.LibrariesReply.LibraryRefused.Reason;
import io.starling.contract.LibrariesRequest;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The part of the accounts service that has libraries, without a database: a version of each. */
final class FakeLibraries {
  private record Kept(AccountId account, LibrariesRequest.AddLibrary added, boolean published) {}

  private final Map<String, Kept> kept = new ConcurrentSkipListMap<>();

  /** The last question for several. */
  volatile LibrariesRequest.@Nullable FindLibraries asked;

  /** Why versions are not taken; null if they are. */
  volatile @Nullable Reason refusal;

  BusMessage answer(LibrariesRequest request) {
    return switch (request) {
      case LibrariesRequest.AddLibrary add -> {
        if (refusal != null) {
          yield new LibrariesReply.LibraryRefused(refusal);
        }
        kept.put(add.name(), new Kept(add.account(), add, false));
        yield new LibrariesReply.LibraryFound(told(add.account(), kept.get(add.name())));
      }
      case LibrariesRequest.FindLibraries find -> {
        asked = find;
        yield new LibrariesReply.LibrariesFound(
            kept.values().stream()
                .filter(each -> sees(find.account(), each))
                .filter(each -> each.added().name().contains(find.filter()))
                .map(each -> told(find.account(), each))
                .toList());
      }
      case LibrariesRequest.GetLibrary get -> {
        var one = kept.get(get.name());
        yield sees(get.account(), one)
            ? new LibrariesReply.LibraryFound(told(get.account(), one))
            : new AccountsReply.NotFound();
      }
      case LibrariesRequest.FindLibraryVersions find -> {
        var one = kept.get(find.name());
        yield sees(find.account(), one)
            ? new LibrariesReply.LibrariesFound(List.of(told(find.account(), one)))
            : new AccountsReply.NotFound();
      }
      case LibrariesRequest.PublishLibrary publish -> {
        var one = kept.get(publish.name());
        if (one == null || !one.account().equals(publish.account())) {
          yield new AccountsReply.NotFound();
        }
        var published = new Kept(one.account(), one.added(), true);
        kept.put(publish.name(), published);
        yield new LibrariesReply.LibraryFound(told(publish.account(), published));
      }
      case LibrariesRequest.DeleteLibrary delete -> {
        var one = kept.get(delete.name());
        if (one == null || !one.account().equals(delete.account())) {
          yield new AccountsReply.NotFound();
        }
        if (one.published()) {
          yield new LibrariesReply.LibraryRefused(Reason.PUBLISHED);
        }
        kept.remove(delete.name());
        yield new LibrariesReply.LibraryDeleted();
      }
      case LibrariesRequest.DownloadLibrary(var link) -> {
        var one = kept.get(link.replace("link-to-", ""));
        yield one == null
            ? new AccountsReply.NotFound()
            : new LibrariesReply.LibraryArchive(one.added().archive());
      }
    };
  }

  private static boolean sees(AccountId account, @Nullable Kept one) {
    return one != null && (one.published() || one.account().equals(account));
  }

  private static Library told(AccountId account, @Nullable Kept one) {
    var it = java.util.Objects.requireNonNull(one);
    return new Library(
        it.added().name(),
        it.added().version(),
        it.account().equals(account),
        it.published(),
        7,
        1_000,
        it.added().properties(),
        "link-to-" + it.added().name());
  }

  /** The archive of a library. */
  Buffer archive(String name) {
    return java.util.Objects.requireNonNull(kept.get(name)).added().archive();
  }
}
