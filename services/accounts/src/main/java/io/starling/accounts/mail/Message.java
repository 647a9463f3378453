package io.starling.accounts.mail;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;

/** Mail as RFC 5322 has it, of ASCII alone but for addresses that are not. */
final class Message {
  private Message() {}

  /** The whole message, whose lines end with CRLF. */
  static String of(Mail mail, String from, String id, Instant now) {
    String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC));
    String domain = from.substring(from.indexOf('@') + 1);
    boolean plain = isAscii(mail.text());
    return String.join(
        "\r\n",
        "From: " + from,
        "To: " + mail.to(),
        "Subject: " + (isAscii(mail.subject()) ? mail.subject() : encoded(mail.subject())),
        "Date: " + date,
        "Message-ID: <" + id + "@" + domain + ">",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: " + (plain ? "7bit" : "base64"),
        "",
        plain
            ? mail.text().replaceAll("\\R", "\r\n")
            : Base64.getMimeEncoder().encodeToString(utf8(mail.text())),
        "");
  }

  static boolean isAscii(String text) {
    return StandardCharsets.US_ASCII.newEncoder().canEncode(text);
  }

  /** RFC 2047. */
  private static String encoded(String text) {
    return "=?utf-8?B?" + Base64.getEncoder().encodeToString(utf8(text)) + "?=";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
