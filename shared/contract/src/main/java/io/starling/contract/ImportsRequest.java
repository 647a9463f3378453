package io.starling.contract;

import java.util.List;

/**
 * What the accounts service answers about imports: files of up to a million devices for a product
 * of the account, stored piece by piece and then taken in behind the caller's back. They need the
 * database. What is absent and what is another account's are answered alike.
 */
public sealed interface ImportsRequest extends BusMessage, Addressed {
  /** Where it is served. */
  String ADDRESS = "accounts.imports";

  /** The most lines of a piece. */
  int MAX_LINES = 1_000;

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Begin an import, whose pieces follow. */
  @Wire("imports.begin")
  record BeginImport(AccountId account, int product)
      implements ImportsRequest, Request<ImportsReply.BeginReply> {}

  /**
   * Store a piece of the file. Storing one twice is harmless.
   *
   * @param number from 0, without gaps
   * @param firstLine the place of its first line in the file, from 1
   * @param lines at most {@link #MAX_LINES}, empty ones too
   */
  @Wire("imports.append")
  record AppendToImport(
      AccountId account, int product, String id, int number, int firstLine, List<String> lines)
      implements ImportsRequest, Request<AccountsReply.WriteReply> {
    @Override
    public String toString() {
      return "AppendToImport[" + id + ", " + number + "]";
    }
  }

  /**
   * All pieces are stored: take them in. Done as well if that was asked before.
   *
   * @param pieces how many
   * @param lines of the whole file
   */
  @Wire("imports.run")
  record RunImport(AccountId account, int product, String id, int pieces, int lines)
      implements ImportsRequest, Request<ImportsReply.FindReply> {}

  /** How far an import is. */
  @Wire("imports.find")
  record FindImport(AccountId account, int product, String id)
      implements ImportsRequest, Request<ImportsReply.FindReply> {}

  /** The imports of a product, newest first; at most a hundred. */
  @Wire("imports.list")
  record ListImports(AccountId account, int product)
      implements ImportsRequest, Request<ImportsReply.ListReply> {}

  /** Take no more in; what was taken in stays. Done as well if it has ended. */
  @Wire("imports.cancel")
  record CancelImport(AccountId account, int product, String id)
      implements ImportsRequest, Request<AccountsReply.WriteReply> {}
}
