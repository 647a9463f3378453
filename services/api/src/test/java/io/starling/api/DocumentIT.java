package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.starling.api.document.ApiDocument;
import io.vertx.core.json.JsonObject;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Comes last of all classes, so that it can say what none of them has seen. */
@Order(Integer.MAX_VALUE)
class DocumentIT {
  private static Region region;
  private static JsonObject document;

  @BeforeAll
  static void start() {
    region = Region.start();
    document = region.anonymous("GET", "/openapi.json").send().json();
  }

  @AfterAll
  static void stop() {
    region.close();
  }

  private static List<JsonObject> operations() {
    var all = new ArrayList<JsonObject>();
    var paths = document.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      var item = paths.getJsonObject(path);
      item.fieldNames().forEach(method -> all.add(item.getJsonObject(method)));
    }
    return all;
  }

  @Test
  void describesEveryRouteAndNothingElse() {
    var told = new ApiDocument(region.api.routes());

    assertThat(told.untold())
        .as(
            "routes that nothing is told of: add each to the file of its room in"
                + " services/api/src/main/resources/openapi, under \"routes\", as"
                + " \"GET /v1/things\": {\"summary\": \"…\", \"replies\": {\"200\": …}}")
        .isEmpty();
    assertThat(told.gone())
        .as("told of in services/api/src/main/resources/openapi, but there is no such route")
        .isEmpty();
    assertThat(operations()).hasSameSizeAs(region.api.routes());
  }

  @Test
  void isAnOpenApiDocumentWhoseReferencesAllLeadSomewhere() {
    assertThat(document.getString("openapi")).isEqualTo("3.1.1");
    var schemas = document.getJsonObject("components").getJsonObject("schemas").fieldNames();
    var references =
        Pattern.compile("\"\\$ref\":\"#/components/schemas/(\\w+)\"").matcher(document.encode());
    var used = new TreeSet<String>();
    while (references.find()) {
      used.add(references.group(1));
    }
    assertThat(schemas).containsExactlyInAnyOrderElementsOf(used);
    assertThat(operations().stream().map(operation -> operation.getString("operationId")))
        .doesNotHaveDuplicates();
  }

  @Test
  void declaresEveryParameterOfAPathOnce() {
    var paths = document.getJsonObject("paths");
    var forms = new HashSet<String>();
    for (String path : paths.fieldNames()) {
      assertThat(forms.add(path.replaceAll("\\{\\w+}", "{}"))).as(path).isTrue();
      var named = Pattern.compile("\\{(\\w+)}").matcher(path).results().map(it -> it.group(1));
      var item = paths.getJsonObject(path);
      var names = named.toList();
      for (String method : item.fieldNames()) {
        var parameters = item.getJsonObject(method).getJsonArray("parameters");
        var inPath =
            parameters == null
                ? List.<String>of()
                : parameters.stream()
                    .map(JsonObject.class::cast)
                    .filter(parameter -> parameter.getString("in").equals("path"))
                    .map(parameter -> parameter.getString("name"))
                    .toList();
        assertThat(inPath).as(path).isEqualTo(names).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void saysWhichScopeARouteNeeds() {
    var item = document.getJsonObject("paths").getJsonObject("/v1/devices");

    assertThat(item.getJsonObject("get").getJsonArray("security").encode())
        .isEqualTo("[{\"token\":[\"devices:list\"]}]");
    assertThat(
            document
                .getJsonObject("paths")
                .getJsonObject("/oauth/token")
                .getJsonObject("post")
                .getJsonArray("security"))
        .isEmpty();
  }

  @Test
  void isAPageThatLoadsAndRunsNothing() {
    var page = region.anonymous("GET", "/docs").send();

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(page.header("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; style-src 'sha256-")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.text())
        .contains("GET /v1/devices/:device", "needs devices:list", "@Device")
        .doesNotContain("<script", "http://", "https://", "src=", "onclick");
  }

  @Test
  void tellsOfNoAnswerOfSuccessThatNoTestHasSeen() throws URISyntaxException {
    var _ = region.anonymous("GET", "/docs").send();
    var folder =
        Path.of(DocumentIT.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("io/starling/api")
            .toFile();
    var all =
        Arrays.stream(folder.list())
            .filter(name -> name.endsWith("IT.class"))
            .map(name -> name.replace(".class", ""))
            .toList();
    assumeTrue(SeenClasses.names().containsAll(all), "only some of the classes have run");

    var told = new TreeSet<String>();
    for (var operation : operations()) {
      operation.getJsonObject("responses").fieldNames().stream()
          .filter(status -> status.startsWith("2"))
          .forEach(status -> told.add(Described.name(operation, status)));
    }
    told.removeAll(Described.seen());
    assertThat(told)
        .as("described, but no test of this service has seen it: test it, or do not tell of it")
        .isEmpty();
  }
}
