package io.starling.contract;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the accounts service answers about libraries: archives of sources for firmware. A version is
 * its account's own until it is published, for everybody and for good. All of it needs the
 * database, and is answered with {@link AccountsReply.DatabaseDown} within a second without it.
 *
 * <p>A name stands for the account's own library, or else for the public one of that name, of which
 * there is one at most. What is absent and what is private to another are answered alike.
 */
public sealed interface LibrariesRequest extends BusMessage, Addressed {
  /** Where it is served. */
  String ADDRESS = "accounts.libraries";

  /** The largest archive. */
  int MAX_ARCHIVE_BYTES = 2 << 20;

  /** How many versions an account may have, of all its libraries. */
  int MOST_VERSIONS = 200;

  /** How large the archives of an account may be together. */
  long MOST_BYTES = 64L << 20;

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Keep a version, in the place of the one of that number if that is not published.
   *
   * @param properties what it says of itself, name and version not among it
   * @param archive a tar.gz that was looked at
   */
  @Wire("libraries.add")
  record AddLibrary(
      AccountId account,
      String name,
      String version,
      Map<String, String> properties,
      Buffer archive)
      implements LibrariesRequest, Request<LibrariesReply.AddReply> {}

  /**
   * Find libraries, each with the latest version that the account may see.
   *
   * @param filter a part of the name or of the sentence, whatever the case; empty for any
   * @param notMine without those of the account
   * @param architectures for one of these; none for any
   * @param category empty for any
   * @param offset how many to pass over
   * @param limit 1 to {@link #MAX_LIMIT}
   */
  @Wire("libraries.find")
  record FindLibraries(
      AccountId account,
      String filter,
      Whose whose,
      boolean notMine,
      List<String> architectures,
      String category,
      Order order,
      int offset,
      int limit)
      implements LibrariesRequest, Request<LibrariesReply.FindReply> {
    /** The most that one answer has. */
    public static final int MAX_LIMIT = 100;
  }

  /** Which libraries are looked for. */
  enum Whose {
    ALL,
    MINE,
    PUBLIC,
    PRIVATE
  }

  /** What comes first. */
  enum Order {
    NAME,
    NAME_BACKWARDS,
    MOST_INSTALLED,
    LEAST_INSTALLED,
    NEWEST,
    OLDEST
  }

  /**
   * Find a library.
   *
   * @param version null for the latest that the account may see
   */
  @Wire("libraries.get")
  record GetLibrary(AccountId account, String name, @Nullable String version)
      implements LibrariesRequest, Request<LibrariesReply.GetReply> {}

  /**
   * The versions of a library that the account may see, the latest first.
   *
   * @param offset how many to pass over
   * @param limit 1 to {@link FindLibraries#MAX_LIMIT}
   */
  @Wire("libraries.versions")
  record FindLibraryVersions(AccountId account, String name, int offset, int limit)
      implements LibrariesRequest, Request<LibrariesReply.FindReply> {}

  /** Publish the latest version of one of the account's libraries. */
  @Wire("libraries.publish")
  record PublishLibrary(AccountId account, String name)
      implements LibrariesRequest, Request<LibrariesReply.PublishReply> {}

  /** Forget one of the account's libraries, of which nothing is published. */
  @Wire("libraries.delete")
  record DeleteLibrary(AccountId account, String name)
      implements LibrariesRequest, Request<LibrariesReply.DeleteReply> {}

  /**
   * Tell an archive to who has a link.
   *
   * @param link {@link LibrariesReply.Library#link}
   */
  @Wire("libraries.download")
  record DownloadLibrary(String link)
      implements LibrariesRequest, Request<LibrariesReply.DownloadReply> {
    @Override
    public String toString() {
      return "DownloadLibrary[]";
    }
  }
}
