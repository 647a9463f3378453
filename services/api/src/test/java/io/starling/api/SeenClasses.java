package io.starling.api;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Which classes of tests have run in this process; registered for all. */
public final class SeenClasses implements BeforeAllCallback {
  private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

  @Override
  public void beforeAll(ExtensionContext context) {
    SEEN.add(context.getRequiredTestClass().getSimpleName());
  }

  static Set<String> names() {
    return Set.copyOf(SEEN);
  }
}
