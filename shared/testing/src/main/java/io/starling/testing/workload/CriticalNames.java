package io.starling.testing.workload;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/**
 * Tells the cloud which events of a product are critical. Nothing but the database takes that for
 * now; what it holds reaches every node as any configuration does.
 */
public final class CriticalNames {
  private static final String UPDATE =
      """
      UPDATE accounts.product
      SET classes = jsonb_build_array(jsonb_build_object('prefix', ?::text, 'class', 'CRITICAL'))
      WHERE id = ?
      """;

  private CriticalNames() {}

  /**
   * Events of the product whose names begin so are critical soon, and no others.
   *
   * @param jdbcUrls of the servers, the one that takes writes first
   * @throws IllegalStateException when it cannot be told
   */
  public static void set(List<String> jdbcUrls, String product, String prefix) {
    try (var connection = DriverManager.getConnection(jdbcUrls.getFirst());
        var update = connection.prepareStatement(UPDATE)) {
      update.setString(1, prefix);
      update.setInt(2, Integer.parseInt(product));
      if (update.executeUpdate() != 1) {
        throw new IllegalStateException("there is no product " + product);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("no class could be set: " + e.getMessage(), e);
    }
  }
}
