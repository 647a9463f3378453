package io.starling.standalone;

import io.starling.embedded.EmbeddedDatabase;
import io.starling.testing.server.TemporaryFolder;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A running server with a database that tests may look into, and three households, of which no one
 * is another's business; started once for all classes that have it as their static extension.
 */
final class Estate implements BeforeAllCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(Estate.class);

  private @Nullable Started estate;

  /** What is there while tests run. */
  private record Started(
      TemporaryFolder folder,
      EmbeddedDatabase database,
      Server server,
      Web web,
      List<Operation> operations,
      Household mine,
      Household theirs)
      implements AutoCloseable {

    static Started start() {
      var folder = TemporaryFolder.create();
      var database = EmbeddedDatabase.start(folder.path().resolve("database"));
      var server = new Server(folder.path().resolve("data")).with(database);
      for (String rate :
          List.of("ADDRESS", "TOKEN", "ACCOUNT", "LOGIN", "PEOPLE", "STREAMS", "SERIAL")) {
        server = server.with("STARLING_API_RATE_" + rate, "off");
      }
      server =
          server
              .with("STARLING_API_MAX_FAILURES", "0")
              .with("STARLING_API_CALL_TIMEOUT", "300ms")
              .with("STARLING_API_TRUST_PROXY", "true")
              .start();
      var web = new Web(server.api("").toString());
      var document = new JsonObject(web.ask(Web.Ask.of("GET", "/openapi.json", "", null)).text());
      var mine = Household.furnished(web, "mine");
      var theirs = Household.furnished(web, "theirs");
      Household.furnished(web, "third").asksFor(theirs);
      theirs.asksFor(mine);
      return new Started(folder, database, server, web, Operation.all(document), mine, theirs);
    }

    @Override
    public void close() {
      web.close();
      server.close();
      database.close();
      folder.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext tests) {
    estate =
        tests
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(Started.class, _ -> Started.start(), Started.class);
  }

  private Started started() {
    if (estate == null) {
      throw new IllegalStateException("not started");
    }
    return estate;
  }

  Web web() {
    return started().web();
  }

  Server server() {
    return started().server();
  }

  EmbeddedDatabase database() {
    return started().database();
  }

  /** Every route, as the server itself tells. */
  List<Operation> operations() {
    return started().operations();
  }

  Household mine() {
    return started().mine();
  }

  Household theirs() {
    return started().theirs();
  }
}
