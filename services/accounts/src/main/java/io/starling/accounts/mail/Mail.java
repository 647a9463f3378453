package io.starling.accounts.mail;

/** A message of plain text to one person. */
public record Mail(String to, String subject, String text) {
  /** Without line breaks and other controls in what becomes a header. */
  public Mail {
    to = oneLine(to);
    subject = oneLine(subject);
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", "");
  }

  @Override
  public String toString() {
    return "Mail[" + subject + "]";
  }
}
