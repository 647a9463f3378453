package io.starling.api.document;

import io.starling.http.Answer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/** The document as a page: one file, no script, its style allowed by its hash and nothing else. */
final class DocumentPage {
  private static final String STYLE =
      """
      body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
      h2{border-top:1px solid #8888;padding-top:1rem}h3{margin-bottom:0;font-size:1rem}
      pre{background:#8881;padding:.6rem;overflow-x:auto;font-size:.85rem}
      small{color:#777}nav a{margin-right:1rem}dt{font-weight:bold}
      :root{color-scheme:light dark}
      """;

  private final StringBuilder html = new StringBuilder();
  private final ApiDocument document;

  private DocumentPage(ApiDocument document) {
    this.document = document;
  }

  static Answer.Whole of(ApiDocument document) {
    return new Answer.Whole(
        200,
        Map.of(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'sha256-"
                + sha256(STYLE)
                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer"),
        "text/html; charset=utf-8",
        Buffer.buffer(new DocumentPage(document).page()));
  }

  private String page() {
    html.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Starling</title>")
        .append("<meta name=\"viewport\" content=\"width=device-width\"><style>")
        .append(STYLE)
        .append("</style><h1>The API of Starling</h1><p>The same for machines: ")
        .append("<a href=\"/openapi.json\">openapi.json</a>.</p><nav>");
    for (var room : document.rooms()) {
      html.append("<a href=\"#").append(text(room.name())).append("\">");
      html.append(text(room.title())).append("</a> ");
    }
    html.append("</nav>");
    document.rooms().forEach(this::room);
    return html.append("</html>\n").toString();
  }

  private void room(Room room) {
    html.append("<h2 id=\"").append(text(room.name())).append("\">").append(text(room.title()));
    html.append("</h2><p>").append(text(room.about())).append("</p>");
    room.routes().forEach(this::route);
    for (String name : room.shapes().fieldNames()) {
      html.append("<h3>@").append(text(name)).append("</h3>");
      shape(room.shapes().getValue(name));
    }
  }

  private void route(String name, JsonObject told) {
    var route = document.route(name);
    if (route.isEmpty()) {
      return;
    }
    var scope = route.get().scope();
    html.append("<h3><code>").append(text(name)).append("</code></h3><p>");
    html.append(text(told.getString("summary"))).append(". ");
    html.append(text(told.getString("about", ""))).append(" <small>");
    html.append(scope == null ? "needs no token" : text("needs " + scope.text()));
    html.append("</small></p>");
    var query = told.getJsonObject("query", new JsonObject());
    if (!query.isEmpty()) {
      html.append("<dl>");
      for (String parameter : query.fieldNames()) {
        html.append("<dt>?").append(text(parameter)).append("</dt><dd>");
        html.append(text(query.getString(parameter))).append("</dd>");
      }
      html.append("</dl>");
    }
    if (told.containsKey("body")) {
      html.append("<div>Body</div>");
      shape(told.getValue("body"));
    }
    var replies = told.getJsonObject("replies");
    for (String status : replies.fieldNames()) {
      html.append("<div>").append(text(status)).append("</div>");
      shape(replies.getValue(status));
    }
  }

  private void shape(Object shape) {
    html.append("<pre>")
        .append(
            text(
                shape instanceof JsonObject || shape instanceof JsonArray
                    ? Json.encodePrettily(shape)
                    : shape.toString()))
        .append("</pre>");
  }

  private static String text(String raw) {
    return raw.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder()
          .encodeToString(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
