package io.starling.standalone;

import static io.starling.standalone.Waiting.get;

import io.starling.testing.region.Programs;
import io.starling.testing.region.Region;
import io.starling.testing.region.RegionSettings;
import io.starling.testing.server.TemporaryFolder;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A region of real processes, the same for all tests of a class: as its static extension it is
 * started before them, and gone after them with all that it has written.
 */
final class RunningRegion implements BeforeAllCallback, AfterAllCallback {
  private final TemporaryFolder folder = TemporaryFolder.create();
  private final Vertx vertx = Vertx.vertx();
  private final Region region;

  RunningRegion(RegionSettings settings) {
    region =
        Region.make(
            folder.path().resolve("region"), settings, Programs.ofThisJvm(), System.out::println);
  }

  /** What the tests themselves run on. */
  Vertx vertx() {
    return vertx;
  }

  Region region() {
    return region;
  }

  @Override
  public void beforeAll(ExtensionContext tests) {
    region.start();
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    region.stop();
    region.close();
    get(vertx.close());
    folder.close();
  }
}
