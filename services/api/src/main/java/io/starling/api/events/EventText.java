package io.starling.api.events;

import io.starling.contract.Event;
import io.starling.http.Timestamps;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An event as it goes over a stream, the fields in the order that Particle has. Beyond ASCII
 * everything is escaped, so that a packet cannot cut a character.
 */
final class EventText {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final Event event;
  private @Nullable Buffer forUsers;
  private @Nullable Buffer forProducts;

  /** The texts of an event, each written when the first stream wants it. */
  EventText(Event event) {
    this.event = event;
  }

  /** As a stream shows it. */
  Buffer in(Subscription subscription) {
    return subscription.product() == 0 ? forUsers() : forProducts();
  }

  /** For the streams of users. */
  Buffer forUsers() {
    if (forUsers == null) {
      forUsers = Buffer.buffer(common().append("}\n\n").toString());
    }
    return forUsers;
  }

  /** For the streams of products, with what a product adds. */
  private Buffer forProducts() {
    if (forProducts == null) {
      var text =
          common()
              .append(",\"userid\":\"")
              .append(event.account())
              // The journal's events do not bear the firmware's version.
              .append("\",\"version\":null,\"public\":false,\"productID\":")
              .append(event.product())
              .append("}\n\n");
      forProducts = Buffer.buffer(text.toString());
    }
    return forProducts;
  }

  private StringBuilder common() {
    var text = new StringBuilder(160 + event.name().length() + event.data().length());
    text.append("event: ");
    appendLine(text, event.name());
    text.append("\ndata: {\"data\":");
    appendData(text, event.data());
    return text.append(",\"ttl\":60,\"published_at\":\"")
        .append(Timestamps.of(event.publishedAtMillis()))
        .append("\",\"coreid\":\"")
        .append(coreId())
        .append('"');
  }

  private String coreId() {
    return switch (event.origin()) {
      case DEVICE -> event.id().origin().toString();
      case API -> "api";
      case CLOUD -> "particle-internal";
    };
  }

  /** A line break in a name must not begin a field of the stream. */
  private static void appendLine(StringBuilder text, String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      text.append(c == '\n' || c == '\r' || c == 0 ? ' ' : c);
    }
  }

  private static void appendData(StringBuilder text, Buffer data) {
    if (data.length() == 0) {
      text.append("null");
      return;
    }
    byte[] bytes = data.getBytes();
    try {
      var decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      appendJson(text, decoded);
    } catch (CharacterCodingException _) {
      text.append("\"data:application/octet-stream;base64,")
          .append(Base64.getEncoder().encodeToString(bytes))
          .append('"');
    }
  }

  private static void appendJson(StringBuilder text, CharSequence value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < ' ' || c > '~') {
            appendEscape(text, c);
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }

  private static void appendEscape(StringBuilder text, char c) {
    text.append("\\u")
        .append(HEX[c >> 12])
        .append(HEX[(c >> 8) & 15])
        .append(HEX[(c >> 4) & 15])
        .append(HEX[c & 15]);
  }
}
