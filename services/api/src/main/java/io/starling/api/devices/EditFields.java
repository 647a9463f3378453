package io.starling.api.devices;

import io.starling.contract.DeviceChange;
import io.starling.contract.DevicesReply.EditRefused;
import io.starling.http.Answer;
import io.starling.http.Errors;
import io.starling.http.Fields;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the body of a PUT on a device wants changed. A field that is there as null empties what it
 * stands for.
 *
 * @param shown what the answer says of it
 */
public record EditFields(DeviceChange change, JsonObject shown) {
  private static final int MAX_NAME = 64;
  private static final int MAX_NOTES = 4_096;
  private static final int MAX_SERIAL_NUMBER = 64;
  private static final int MAX_VERSION = 65_535;

  /** The most groups that a device is in. */
  private static final int MAX_GROUPS = 100;

  /**
   * Reads it.
   *
   * @param inProduct whether what only a product may set is taken
   * @throws IllegalArgumentException if it cannot be used, with a text to show
   */
  static EditFields read(Fields fields, boolean inProduct) {
    var reader = new Reader(fields, new JsonObject());
    var change =
        new DeviceChange(
            reader.text("name", MAX_NAME),
            reader.text("notes", MAX_NOTES),
            inProduct ? reader.text("serial_number", MAX_SERIAL_NUMBER) : null,
            inProduct ? reader.flag("development") : null,
            reader.flag("firmware_updates_enabled"),
            reader.flag("firmware_updates_forced"),
            inProduct ? reader.version("desired_firmware_version") : null,
            inProduct ? reader.groups("groups") : null);
    if (reader.shown().isEmpty()) {
      throw new IllegalArgumentException(
          "Nothing to change: name, notes or signal is needed, or what else can be set");
    }
    return new EditFields(change, reader.shown());
  }

  /**
   * Reads what a customer may set.
   *
   * @throws IllegalArgumentException if it cannot be used, with a text to show
   */
  static EditFields ofCustomer(Fields fields) {
    var edit = read(fields, false);
    if (!edit.shown().fieldNames().equals(Set.of("name"))) {
      throw new IllegalArgumentException("Only name and signal can be set");
    }
    return edit;
  }

  /** The answer where it cannot be so. */
  public static Answer.Whole refused(EditRefused.Reason reason) {
    return switch (reason) {
      case GROUP_UNKNOWN -> Errors.badRequest("groups must be names of groups of the product");
      case SERIAL_NUMBER_IN_USE ->
          Errors.badRequest("serial_number is another device's of the product");
    };
  }

  /** Reads one field after the other and notes what the answer says. */
  private record Reader(Fields fields, JsonObject shown) {
    @Nullable String text(String name, int max) {
      if (!fields.has(name)) {
        return null;
      }
      String text = fields.text(name).orElse("");
      boolean oneLine = !name.equals("notes");
      if (text.length() > max
          || text.chars().anyMatch(c -> c == 0 || (oneLine && Character.isISOControl(c)))) {
        throw new IllegalArgumentException(
            name + " must be text of at most " + max + " characters");
      }
      shown.put(name, text.isEmpty() ? null : text);
      return text;
    }

    @Nullable Boolean flag(String name) {
      if (!fields.has(name)) {
        return null;
      }
      boolean on =
          switch (fields.text(name).orElse("")) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new IllegalArgumentException(name + " must be true or false");
          };
      shown.put(name, on);
      return on;
    }

    @Nullable Integer version(String name) {
      if (!fields.has(name)) {
        return null;
      }
      // A form has no null: an empty field stands for it.
      if (fields.text(name).orElse("").isEmpty()) {
        shown.putNull(name);
        return DeviceChange.UNLOCK;
      }
      long version = fields.number(name).orElse(-1L);
      if (version < 0 || version > MAX_VERSION) {
        throw new IllegalArgumentException(
            name + " must be null or a whole number from 0 to " + MAX_VERSION);
      }
      shown.put(name, version);
      return (int) version;
    }

    @Nullable List<String> groups(String name) {
      if (!fields.has(name)) {
        return null;
      }
      var groups = names(fields, name);
      shown.put(name, new JsonArray(groups));
      return groups;
    }
  }

  /**
   * A field that is a list of names of groups.
   *
   * @throws IllegalArgumentException if it is none, with a text to show
   */
  public static List<String> names(Fields fields, String name) {
    if (!(fields.all().getValue(name) instanceof JsonArray array)
        || array.size() > MAX_GROUPS
        || !array.stream().allMatch(String.class::isInstance)) {
      throw new IllegalArgumentException(
          name + " must be an array of at most " + MAX_GROUPS + " names");
    }
    return array.stream().map(String.class::cast).distinct().sorted().toList();
  }
}
