package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the accounts service answers about imports, beside {@link AccountsReply.WriteReply}. */
public sealed interface ImportsReply extends BusMessage {

  /** The answer to {@link ImportsRequest.BeginImport}. */
  sealed interface BeginReply extends ImportsReply
      permits ImportBegun, ImportRefused, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /** Its pieces may follow. */
  @Wire("imports.begun")
  record ImportBegun(String id) implements BeginReply {}

  /** There are too many. */
  @Wire("imports.refused")
  record ImportRefused(Reason reason) implements BeginReply {
    /** Why. */
    public enum Reason {
      ONE_OF_THE_PRODUCT,
      MANY_OF_THE_ACCOUNT,
      MANY
    }
  }

  /** The answer about one import. */
  sealed interface FindReply extends ImportsReply
      permits ImportFound, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /** It stands like this. */
  @Wire("imports.found")
  record ImportFound(DeviceImport found) implements FindReply {}

  /** The answer to {@link ImportsRequest.ListImports}. */
  sealed interface ListReply extends ImportsReply
      permits ImportsFound, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /** They stand like this; without the lines that were refused. */
  @Wire("imports.listed")
  record ImportsFound(List<DeviceImport> imports) implements ListReply {}

  /**
   * An import.
   *
   * @param state uploading, waiting, running, done, cancelled, failed
   * @param lines of the file, with those that are empty; 0 while it is uploaded
   * @param progress how far it is
   * @param problems of the lines that were refused, the first
   * @param finishedAtMillis null until it has ended, however
   */
  record DeviceImport(
      String id,
      String state,
      int lines,
      Progress progress,
      List<Problem> problems,
      long createdAtMillis,
      long updatedAtMillis,
      @Nullable Long finishedAtMillis) {}

  /**
   * What became of the lines so far.
   *
   * @param read those that were looked at
   * @param added to the product, or approved in its quarantine
   * @param created unknown before, made with the hash of the secret that the line tells
   * @param existing those that were in the product
   * @param nonmember unknown, or another's, or in another product
   * @param invalid those that were refused
   */
  record Progress(int read, int added, int created, int existing, int nonmember, int invalid) {}

  /** A line that was refused, and why. */
  record Problem(int line, String reason) {}
}
