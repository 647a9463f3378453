package io.starling.accounts.mail;

/** What came of trying to send one mail. What it tells has nothing of the mail in it. */
sealed interface Attempt {
  /** The server has it. */
  record Sent() implements Attempt {}

  /** It would be refused again. */
  record Refused(String why) implements Attempt {}

  /** It may be taken later. */
  record Unavailable(String why) implements Attempt {}
}
