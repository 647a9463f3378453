package io.starling.webhooks.send;

import io.starling.webhooks.request.OutboundRequest.Header;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Takes the secrets of a request out of what was answered to it: some endpoints echo. Pure. */
final class Blot {
  private static final Pattern SECRET =
      Pattern.compile(
          "auth|cookie|token|secret|passw|signature|api-?key|access-?key",
          Pattern.CASE_INSENSITIVE);
  private static final String MASK = "********";

  /** What is shorter says nothing, and stands anywhere. */
  private static final int SHORTEST = 4;

  private Blot() {}

  static Buffer out(Buffer answer, List<Header> headers) {
    var secrets = answer.length() == 0 ? List.<String>of() : secrets(headers);
    if (secrets.isEmpty()) {
      return answer;
    }
    // One character for each byte: nothing else is changed.
    String text = answer.toString(StandardCharsets.ISO_8859_1);
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(bytes(secret), MASK);
    }
    return clean.equals(text) ? answer : Buffer.buffer(clean.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static List<String> secrets(List<Header> headers) {
    var secrets = new ArrayList<String>();
    for (var header : headers) {
      if (SECRET.matcher(header.name()).find()) {
        secrets.add(header.value());
        int space = header.value().indexOf(' ');
        String credentials = header.value().substring(space + 1);
        secrets.add(credentials);
        if (header.value().startsWith("Basic ")) {
          secrets.addAll(basic(credentials));
        }
      }
    }
    secrets.removeIf(secret -> secret.length() < SHORTEST);
    return secrets;
  }

  private static List<String> basic(String credentials) {
    try {
      String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
      return List.of(pair, pair.substring(pair.indexOf(':') + 1));
    } catch (IllegalArgumentException _) {
      return List.of();
    }
  }
}
