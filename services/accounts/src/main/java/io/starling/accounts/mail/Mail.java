package io.starling.accounts.mail;

import java.time.Duration;

/**
 * A message of plain text to one person.
 *
 * @param goodFor for how long it is worth sending
 */
public record Mail(String to, String subject, String text, Duration goodFor) {
  /** Without line breaks and other controls in what becomes a header. */
  public Mail {
    to = oneLine(to);
    subject = oneLine(subject);
  }

  /** News, which somebody may want to have for a day. */
  public Mail(String to, String subject, String text) {
    this(to, subject, text, Duration.ofDays(1));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", "");
  }

  @Override
  public String toString() {
    return "Mail[" + subject + "]";
  }
}
