package io.starling.api.libraries;

import io.starling.contract.LibrariesReply.Library;
import io.starling.http.Answer;
import io.starling.http.Timestamps;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;

/** Libraries in the form of JSON:API. */
final class LibraryJson {
  private static final List<String> TEXTS =
      List.of(
          "author",
          "maintainer",
          "sentence",
          "paragraph",
          "license",
          "url",
          "repository",
          "category");

  private LibraryJson() {}

  /** What went wrong, in its form. */
  static Answer.Whole error(int status, String message) {
    return Answer.json(
        status,
        new JsonObject()
            .put("errors", new JsonArray().add(new JsonObject().put("message", message))));
  }

  /** One. */
  static JsonObject one(Library library, String baseUrl) {
    return new JsonObject().put("data", of(library, baseUrl));
  }

  /** Some. */
  static JsonObject some(List<Library> libraries, String baseUrl) {
    var data = new JsonArray();
    libraries.forEach(each -> data.add(of(each, baseUrl)));
    return new JsonObject().put("data", data);
  }

  private static JsonObject of(Library library, String baseUrl) {
    return new JsonObject()
        .put("type", "libraries")
        .put("id", library.name())
        .put(
            "links",
            new JsonObject().put("download", baseUrl + "/v1/libraries/download/" + library.link()))
        .put("attributes", attributes(library));
  }

  private static JsonObject attributes(Library library) {
    var attributes =
        new JsonObject()
            .put("name", library.name())
            .put("version", library.version())
            .put("visibility", library.published() ? "public" : "private")
            .put("mine", library.mine())
            .put("installs", library.installs())
            // There is nobody here who would say so.
            .put("official", false)
            .put("verified", false)
            .put("created_at", Timestamps.of(library.createdAtMillis()));
    var properties = library.properties();
    for (String key : TEXTS) {
      if (properties.containsKey(key)) {
        attributes.put(key, properties.get(key));
      }
    }
    var architectures = new JsonArray();
    Arrays.stream(properties.getOrDefault("architectures", "*").split(",", -1))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .forEach(architectures::add);
    return attributes.put("architectures", architectures);
  }
}
