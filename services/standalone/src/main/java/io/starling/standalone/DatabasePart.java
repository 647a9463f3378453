package io.starling.standalone;

import io.starling.bootstrap.health.Health;
import io.starling.postgres.DatabaseHealth;

/**
 * The database as a part of the health page. Down is no more than degraded: messages pass without
 * it.
 */
final class DatabasePart {
  private DatabasePart() {}

  static Health.Part of(DatabaseHealth health) {
    return switch (health) {
      case DatabaseHealth.Up up -> Health.Part.up("primary " + up.primary() + ", " + up.term());
      case DatabaseHealth.Down down ->
          Health.Part.degraded("no primary since " + down.since() + ": " + down.reason());
    };
  }
}
