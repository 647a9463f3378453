package io.starling.standalone;

import io.starling.testing.sink.WebhookSink;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a webhook sink received, read as the form that it is. */
final class Deliveries {
  private Deliveries() {}

  /** The forms of the deliveries of one event name, decoded, in the order of their arrival. */
  static List<String> texts(WebhookSink sink, String event) {
    return sink.bodies().stream()
        .map(body -> URLDecoder.decode(body, StandardCharsets.UTF_8))
        .filter(form -> ("&" + form + "&").contains("&event=" + event + "&"))
        .toList();
  }
}
