package io.starling.contract;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/** What the accounts service answers about libraries. */
public sealed interface LibrariesReply extends BusMessage {

  /** The answer to {@link LibrariesRequest.AddLibrary}. */
  sealed interface AddReply extends LibrariesReply
      permits LibraryFound, LibraryRefused, AccountsReply.DatabaseDown {}

  /** The answer to {@link LibrariesRequest.GetLibrary}. */
  sealed interface GetReply extends LibrariesReply
      permits LibraryFound, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /** The answer to {@link LibrariesRequest.PublishLibrary}. */
  sealed interface PublishReply extends LibrariesReply
      permits LibraryFound, LibraryRefused, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /** The answer to {@link LibrariesRequest.DeleteLibrary}. */
  sealed interface DeleteReply extends LibrariesReply
      permits LibraryDeleted, LibraryRefused, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /** The answer to questions for several. */
  sealed interface FindReply extends LibrariesReply
      permits LibrariesFound, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /** The answer to {@link LibrariesRequest.DownloadLibrary}. */
  sealed interface DownloadReply extends LibrariesReply
      permits LibraryArchive, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /** It is there. */
  @Wire("libraries.found-one")
  record LibraryFound(Library library) implements AddReply, GetReply, PublishReply {}

  /** These are there. */
  @Wire("libraries.found")
  record LibrariesFound(List<Library> libraries) implements FindReply {}

  /** It is there no more. */
  @Wire("libraries.deleted")
  record LibraryDeleted() implements DeleteReply {}

  /** It stays as it is. */
  @Wire("libraries.refused")
  record LibraryRefused(Reason reason) implements AddReply, PublishReply, DeleteReply {
    /** Why. */
    public enum Reason {
      /** The version, or the library, is published: it stays what it is. */
      PUBLISHED,
      /** Another account's public library has the name. */
      NAME_IN_USE,
      /** The account has as much as it may have. */
      NO_ROOM
    }
  }

  /** An archive. */
  @Wire("libraries.archive")
  record LibraryArchive(Buffer archive) implements DownloadReply {}

  /**
   * A version of a library.
   *
   * @param mine whether it is of who asks
   * @param published whether it is everybody's
   * @param installs how often any version was downloaded
   * @param properties what it says of itself
   * @param link who has it may download the archive, for an hour
   */
  record Library(
      String name,
      String version,
      boolean mine,
      boolean published,
      long installs,
      long createdAtMillis,
      Map<String, String> properties,
      String link) {
    @Override
    public String toString() {
      return "Library[" + name + ", " + version + "]";
    }
  }
}
