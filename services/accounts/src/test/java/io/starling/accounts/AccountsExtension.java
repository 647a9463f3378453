package io.starling.accounts;

import io.starling.embedded.EmbeddedDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts a PostgreSQL and the accounts service for a class of tests, which takes the {@link
 * AccountsNode} in its constructor. All tests of a class share them: each makes its own people.
 */
final class AccountsExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(AccountsExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    Path folder = Files.createTempDirectory("accounts");
    var store = context.getStore(NAMESPACE);
    store.put(Path.class, folder);
    store.put(AccountsNode.class, new AccountsNode(EmbeddedDatabase.start(folder), folder));
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    var store = context.getStore(NAMESPACE);
    var node = store.remove(AccountsNode.class, AccountsNode.class);
    if (node != null) {
      node.close();
      node.server().close();
    }
    try (var files = Files.walk(store.remove(Path.class, Path.class))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == AccountsNode.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var store = context.getStore(NAMESPACE);
    return Objects.requireNonNull(store.get(AccountsNode.class));
  }
}
