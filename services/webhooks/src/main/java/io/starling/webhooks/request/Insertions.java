package io.starling.webhooks.request;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Escaping that depends on where in the rendered text a value landed. Values are marked with two
 * private-use characters while rendering; these never leave here.
 */
final class Insertions {
  private static final char START = '\uE000';
  private static final char END = '\uE001';
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Insertions() {}

  static String mark(String value) {
    boolean clean = value.indexOf(START) < 0 && value.indexOf(END) < 0;
    return START + (clean ? value : value.replace(START, ' ').replace(END, ' ')) + END;
  }

  /**
   * Within a JSON string a value is escaped, so that it stays in there; elsewhere it stands as it
   * is, so that numbers and objects can be inserted.
   */
  static String intoJson(String marked) {
    var target = new StringBuilder(marked.length() + 16);
    boolean inString = false;
    boolean inValue = false;
    boolean escaped = false;
    for (int i = 0; i < marked.length(); i++) {
      char c = marked.charAt(i);
      if (c == START) {
        inValue = true;
      } else if (c == END) {
        inValue = false;
      } else if (inValue) {
        if (inString) {
          escapeJson(target, c);
        } else {
          target.append(c);
        }
      } else {
        target.append(c);
        if (c == '"' && !escaped) {
          inString = !inString;
        }
        escaped = inString && c == '\\' && !escaped;
      }
    }
    return target.toString();
  }

  private static void escapeJson(StringBuilder target, char c) {
    switch (c) {
      case '"' -> target.append("\\\"");
      case '\\' -> target.append("\\\\");
      case '\n' -> target.append("\\n");
      case '\r' -> target.append("\\r");
      case '\t' -> target.append("\\t");
      default -> {
        if (c < ' ') {
          target.append("\\u").append(HEX.toHexDigits(c));
        } else {
          target.append(c);
        }
      }
    }
  }

  /** Percent-encodes what a URL cannot contain; its delimiters stay, as Particle leaves them. */
  static String intoUrl(String marked) {
    var target = new StringBuilder(marked.length() + 16);
    for (int i = 0; i < marked.length(); ) {
      int c = marked.codePointAt(i);
      if (c != START && c != END) {
        if (mayStand(marked, i, c)) {
          target.append((char) c);
        } else {
          percent(target, c);
        }
      }
      i += Character.charCount(c);
    }
    return target.toString();
  }

  private static boolean mayStand(String text, int at, int c) {
    if (c == '%') {
      return at + 2 < text.length()
          && HexFormat.isHexDigit(text.charAt(at + 1))
          && HexFormat.isHexDigit(text.charAt(at + 2));
    }
    return c > ' ' && c < 0x7f && "\"<>\\^`{|}".indexOf(c) < 0;
  }

  private static void percent(StringBuilder target, int c) {
    for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
      target.append('%').append(HEX.toHexDigits(b));
    }
  }
}
