package io.starling.accounts.mail;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Commands and replies on one connection (RFC 5321). Blocks; for one thread. */
final class SmtpLine {
  private static final int MAX_LINE = 2_048;
  private static final int MAX_LINES = 100;

  private final InputStream in;
  private final OutputStream out;

  /** On a connection, which whoever made it ends when it takes too long. */
  SmtpLine(Socket socket) throws IOException {
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /**
   * What the server answered.
   *
   * @param lines without their codes
   */
  record Reply(int code, List<String> lines) {
    boolean isGood() {
      return code < 400;
    }

    boolean isFinal() {
      return code >= 500;
    }

    /** Whether an extension is among these, as a reply to EHLO. */
    boolean offers(String extension) {
      return lines.stream().anyMatch(line -> line.equalsIgnoreCase(extension));
    }

    /** Whether this way of logging in is among these, as a reply to EHLO. */
    boolean takesLogin(String way) {
      return lines.stream()
          .map(line -> List.of(line.toUpperCase(java.util.Locale.ROOT).split("[ =]")))
          .anyMatch(words -> words.getFirst().equals("AUTH") && words.contains(way));
    }
  }

  /** Sends a command; its reply. */
  Reply ask(String command) throws IOException {
    if (command.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a command is one line");
    }
    return send(command + "\r\n");
  }

  /** Sends a message, whose lines end with CRLF; the reply to it. */
  Reply data(String message) throws IOException {
    String stuffed = message.startsWith(".") ? "." + message : message;
    return send(stuffed.replace("\r\n.", "\r\n..") + ".\r\n");
  }

  private Reply send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
    return reply();
  }

  /** The next reply. */
  Reply reply() throws IOException {
    var lines = new ArrayList<String>();
    while (lines.size() < MAX_LINES) {
      String line = line();
      if (!line.matches("[2-5]\\d\\d([ -].*)?")) {
        throw new IOException("it does not speak SMTP");
      }
      lines.add(line.length() > 4 ? line.substring(4) : "");
      if (line.length() == 3 || line.charAt(3) == ' ') {
        return new Reply(Integer.parseInt(line.substring(0, 3)), lines);
      }
    }
    throw new IOException("a reply without an end");
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int next = read(); next != '\n'; next = read()) {
      if (line.length() == MAX_LINE) {
        throw new IOException("a line that is too long");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private int read() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new IOException("the connection ended");
    }
    return next;
  }
}
