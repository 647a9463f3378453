package io.starling.testing.account;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where Starling is and who may use it: environment variables before the file {@code demo.env} that
 * the server writes into its data folder at the first start. Keys: {@code API_URL}, {@code
 * MQTT_URL}, {@code ACCOUNT_EMAIL}, {@code ACCOUNT_PASSWORD}, {@code PRODUCT_ID}, {@code
 * DEVICE_ID}, {@code DEVICE_SECRET}.
 */
public record DemoEnv(Path dataFolder, Map<String, String> values) {
  private static final String FILE = "demo.env";

  public DemoEnv {
    values = Map.copyOf(values);
  }

  /** Reads them; a missing file is no mistake, as the environment may tell everything. */
  public static DemoEnv load(Map<String, String> environment) {
    var folder = Path.of(environment.getOrDefault("STARLING_DATA", "data"));
    var values = new HashMap<>(read(folder.resolve(FILE)));
    values.putAll(environment);
    return new DemoEnv(folder, values);
  }

  /** Reads the file in this folder only, whatever the environment says. */
  public static DemoEnv of(Path dataFolder) {
    return new DemoEnv(dataFolder, read(dataFolder.resolve(FILE)));
  }

  /** The same with another value for this key. */
  public DemoEnv with(String key, String value) {
    var more = new HashMap<>(values);
    more.put(key, value);
    return new DemoEnv(dataFolder, more);
  }

  public Optional<String> find(String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isBlank());
  }

  /**
   * The value of a key that is needed.
   *
   * @throws IllegalStateException with what to do about it
   */
  public String get(String key) {
    return find(key)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "%s is not known: it stands neither in the environment nor in %s (the server writes it at its first start)"
                        .formatted(key, dataFolder.resolve(FILE))));
  }

  private static Map<String, String> read(Path file) {
    var values = new HashMap<String, String>();
    if (!Files.isRegularFile(file)) {
      return values;
    }
    try {
      for (var line : Files.readAllLines(file)) {
        var equals = line.indexOf('=');
        if (equals > 0 && !line.startsWith("#")) {
          values.put(
              line.substring(0, equals).strip(), unquote(line.substring(equals + 1).strip()));
        }
      }
      return values;
    } catch (IOException e) {
      throw new IllegalStateException("could not read " + file + ": " + e.getMessage(), e);
    }
  }

  private static String unquote(String value) {
    for (var quote : List.of("'", "\"")) {
      if (value.length() > 1 && value.startsWith(quote) && value.endsWith(quote)) {
        return value.substring(1, value.length() - 1);
      }
    }
    return value;
  }
}
