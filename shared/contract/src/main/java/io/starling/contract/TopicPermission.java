package io.starling.contract;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One rule of a product about the topics of its devices. Of all rules that are about an action, one
 * that denies wins; where any allows, only what one of those covers is allowed; where none does,
 * the rest is allowed.
 *
 * @param filter a topic filter in which {@code %device%} stands for the device's id and {@code
 *     %product%} for the product's number; about events, so it does not start with {@code $}
 */
public record TopicPermission(Effect effect, Action action, String filter) {
  /** The most that a product has. */
  public static final int MAX_RULES = 50;

  /** The longest filter, in bytes of UTF-8. */
  public static final int MAX_FILTER_BYTES = 512;

  /** Stands for the device's id. */
  public static final String DEVICE = "%device%";

  /** Stands for the product's number. */
  public static final String PRODUCT = "%product%";

  private static final Pattern PLACEHOLDER = Pattern.compile("%[A-Za-z_]+%");
  private static final List<String> KNOWN = List.of(DEVICE, PRODUCT);

  /** What a rule says. */
  public enum Effect {
    ALLOW,
    DENY
  }

  /** What a rule is about. */
  public enum Action {
    PUBLISH,
    SUBSCRIBE,
    ALL
  }

  /**
   * Checks the filter.
   *
   * @throws IllegalArgumentException if it cannot be used, with a text to show
   */
  public TopicPermission {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(filter)
        || filter.getBytes(StandardCharsets.UTF_8).length > MAX_FILTER_BYTES) {
      throw new IllegalArgumentException(
          "filter must be text of at most " + MAX_FILTER_BYTES + " bytes");
    }
    if (!TopicFilter.isValid(filter)) {
      throw new IllegalArgumentException("filter must be an MQTT topic filter");
    }
    if (filter.startsWith("$")) {
      throw new IllegalArgumentException("filter must not start with $: no event is called so");
    }
    var placeholders = PLACEHOLDER.matcher(filter);
    while (placeholders.find()) {
      if (!KNOWN.contains(placeholders.group())) {
        throw new IllegalArgumentException(
            "filter knows the placeholders "
                + String.join(" and ", KNOWN)
                + ", not "
                + placeholders.group());
      }
    }
  }
}
