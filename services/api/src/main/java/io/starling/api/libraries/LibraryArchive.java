package io.starling.api.libraries;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What an archive says that it is, in its {@code library.properties}.
 *
 * @param properties the rest of it
 */
record LibraryArchive(String name, String version, Map<String, String> properties) {
  /** How a library may be called. */
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  private static final Pattern VERSION =
      Pattern.compile("\\d{1,6}(\\.\\d{1,6}){0,2}([-+][0-9A-Za-z.+-]{1,32})?");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final String FILE = "library.properties";
  private static final int MOST = 64;
  private static final int MAX_LENGTH = 1_024;

  /**
   * Reads an archive.
   *
   * @throws IllegalArgumentException if it is not one of a library, with what is wrong
   */
  static LibraryArchive of(byte[] archive) {
    return parse(
        Tarball.look(archive, FILE)
            .orElseThrow(() -> new IllegalArgumentException("There is no " + FILE)));
  }

  /** Lines of {@code key=value}; what begins with # says nothing. */
  static LibraryArchive parse(String text) {
    var all = new HashMap<String, String>();
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split("=", 2);
      String key = parts[0].strip();
      String value = parts.length == 2 ? parts[1].strip() : "";
      if (parts.length < 2 || !KEY.matcher(key).matches()) {
        throw new IllegalArgumentException(FILE + " has a line that is not key=value");
      }
      if (value.length() > MAX_LENGTH || value.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(FILE + ": " + key + " is too long, or is no text");
      }
      all.put(key, value);
    }
    if (all.size() > MOST) {
      throw new IllegalArgumentException(FILE + " has more than " + MOST + " lines");
    }
    String name = Objects.requireNonNullElse(all.remove("name"), "");
    String version = Objects.requireNonNullElse(all.remove("version"), "");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          FILE + ": name must have 1 to 64 letters, digits, dashes and underscores");
    }
    if (!VERSION.matcher(version).matches()) {
      throw new IllegalArgumentException(FILE + ": version must be one such as 1.0.2");
    }
    return new LibraryArchive(name, version, Map.copyOf(all));
  }
}
