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
public final class EventText {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final Event event;
  private @Nullable Buffer forUsers;
  private @Nullable Buffer forProducts;

  /** The texts of an event, each written when the first stream wants it. */
  public EventText(Event event) {
    this.event = event;
  }

  /** As a stream shows it. */
  Buffer in(Subscription subscription) {
    return subscription.product() == 0 ? forUsers() : forProducts();
  }

  /**
   * As a JSON object, as streams show it, with its name before all else.
   *
   * @param ofProduct with what a product adds
   */
  public String object(boolean ofProduct) {
    var text = buffer().append("{\"name\":");
    appendJson(text, event.name());
    text.append(',');
    appendFields(text);
    if (ofProduct) {
      appendProduct(text);
    }
    return text.append('}').toString();
  }

  /** Who published it, as streams say it. */
  public String coreId() {
    return switch (event.origin()) {
      case DEVICE -> event.id().origin().toString();
      case API -> "api";
      case CLOUD -> "particle-internal";
    };
  }

  /** The data as text: as they are if they are UTF-8, or else as a data URL. */
  public static String text(Buffer data) {
    byte[] bytes = data.getBytes();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      return "data:application/octet-stream;base64," + Base64.getEncoder().encodeToString(bytes);
    }
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
      var text = common();
      appendProduct(text);
      text.append("}\n\n");
      forProducts = Buffer.buffer(text.toString());
    }
    return forProducts;
  }

  private StringBuilder buffer() {
    return new StringBuilder(160 + event.name().length() + event.data().length());
  }

  private StringBuilder common() {
    var text = buffer().append("event: ");
    appendLine(text, event.name());
    text.append("\ndata: {");
    appendFields(text);
    return text;
  }

  private void appendFields(StringBuilder text) {
    text.append("\"data\":");
    if (event.data().length() == 0) {
      text.append("null");
    } else {
      appendJson(text, text(event.data()));
    }
    text.append(",\"ttl\":60,\"published_at\":\"")
        .append(Timestamps.of(event.publishedAtMillis()))
        .append("\",\"coreid\":\"")
        .append(coreId())
        .append('"');
  }

  private void appendProduct(StringBuilder text) {
    text.append(",\"userid\":\"")
        .append(event.account())
        // The journal's events do not bear the firmware's version.
        .append("\",\"version\":null,\"public\":false,\"productID\":")
        .append(event.product());
  }

  /** A line break in a name must not begin a field of the stream. */
  private static void appendLine(StringBuilder text, String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      text.append(c == '\n' || c == '\r' || c == 0 ? ' ' : c);
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
