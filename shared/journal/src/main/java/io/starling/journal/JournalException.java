package io.starling.journal;

import org.jspecify.annotations.Nullable;

/**
 * The only failure of the journal's futures. Carries no stack trace: it is an answer, and may be
 * frequent.
 */
public final class JournalException extends RuntimeException {
  /** What the caller may do about it. */
  public enum Kind {
    /** Nothing was stored; ask {@link #leader()}. */
    NOT_LEADER,
    /** Nothing was stored: the disk or the entry budget is used up. */
    FULL,
    /** Nothing was stored: too much waits already; try again later. */
    OVERLOADED,
    /** Nothing was stored: the payload alone exceeds an entry. */
    TOO_LARGE,
    /** It may or may not be stored, now or in a moment. */
    UNKNOWN,
    /** The position is below the first retained one; see {@link #firstAvailable()}. */
    PURGED,
    /** The journal is closed or failed. */
    CLOSED,
    /** The folder cannot be opened; the message tells an operator why. */
    UNUSABLE
  }

  private final Kind kind;
  private final @Nullable String leader;
  private final @Nullable Position firstAvailable;

  private JournalException(
      Kind kind,
      String message,
      @Nullable Throwable cause,
      @Nullable String leader,
      @Nullable Position firstAvailable) {
    super(message, cause, false, false);
    this.kind = kind;
    this.leader = leader;
    this.firstAvailable = firstAvailable;
  }

  static JournalException of(Kind kind, String message) {
    return new JournalException(kind, message, null, null, null);
  }

  static JournalException of(Kind kind, String message, Throwable cause) {
    return new JournalException(kind, message, cause, null, null);
  }

  static JournalException notLeader(String log, @Nullable String leader) {
    String message = log + " is led by " + (leader == null ? "nobody known" : leader);
    return new JournalException(Kind.NOT_LEADER, message, null, leader, null);
  }

  static JournalException purged(String log, Position asked, Position first) {
    String message = log + " starts at " + first + ", asked for " + asked;
    return new JournalException(Kind.PURGED, message, null, null, first);
  }

  public Kind kind() {
    return kind;
  }

  /** The peer id (disk id) of the leader, if known; only with NOT_LEADER. */
  public @Nullable String leader() {
    return leader;
  }

  /** Only with PURGED. */
  public @Nullable Position firstAvailable() {
    return firstAvailable;
  }
}
