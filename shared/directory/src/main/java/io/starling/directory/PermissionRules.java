package io.starling.directory;

import io.starling.contract.DeviceId;
import io.starling.contract.TopicFilter;
import io.starling.contract.TopicPermission;
import io.starling.contract.TopicPermission.Action;
import io.starling.contract.TopicPermission.Effect;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the devices of one product may publish and subscribe to. A rule that denies wins; where any
 * rule allows an action, only what one of those covers is allowed; where none does, the rest is.
 * About a subscription all topics count that it can match, so that nothing is left to be decided
 * for a message. Immutable.
 */
public final class PermissionRules {
  private final List<TopicPermission> permissions;
  private final Rules publish;
  private final Rules subscribe;

  private PermissionRules(List<TopicPermission> permissions, int product) {
    this.permissions = List.copyOf(permissions);
    this.publish = Rules.of(permissions, Action.PUBLISH, product);
    this.subscribe = Rules.of(permissions, Action.SUBSCRIBE, product);
  }

  /** The rules of a product, in any order; none allow everything. */
  public static PermissionRules of(List<TopicPermission> permissions, int product) {
    return new PermissionRules(permissions, product);
  }

  /** Those of a row; null if it is from before there were any. */
  static PermissionRules ofRow(@Nullable JsonArray row, int product) {
    return new PermissionRules(row == null ? List.of() : decode(row), product);
  }

  /**
   * Reads what {@link #encode} has made.
   *
   * @throws IllegalArgumentException if it is none of that
   */
  private static List<TopicPermission> decode(JsonArray row) {
    return row.stream()
        .map(JsonObject.class::cast)
        .map(
            rule ->
                new TopicPermission(
                    Effect.valueOf(rule.getString("effect").toUpperCase(Locale.ROOT)),
                    Action.valueOf(rule.getString("action").toUpperCase(Locale.ROOT)),
                    rule.getString("filter")))
        .toList();
  }

  /** As rows and the API have them. */
  public static JsonArray encode(List<TopicPermission> permissions) {
    var array = new JsonArray();
    for (var one : permissions) {
      array.add(
          new JsonObject()
              .put("effect", one.effect().name().toLowerCase(Locale.ROOT))
              .put("action", one.action().name().toLowerCase(Locale.ROOT))
              .put("filter", one.filter()));
    }
    return array;
  }

  /** As they were set. */
  public List<TopicPermission> permissions() {
    return permissions;
  }

  /** Tells whether a device may publish an event of this name. */
  public boolean mayPublish(String name, DeviceId device) {
    // For each event: most products have no rules.
    return permissions.isEmpty()
        || (publish.denied().stream().noneMatch(rule -> rule.of(device).matches(name))
            && (publish.allowed().isEmpty()
                || publish.allowed().stream().anyMatch(rule -> rule.of(device).matches(name))));
  }

  /**
   * Tells whether a device may have every event that a filter can match: none of them is denied,
   * and one rule alone allows them all.
   */
  public boolean maySubscribe(TopicFilter filter, DeviceId device) {
    return subscribe.denied().stream().noneMatch(rule -> rule.of(device).intersects(filter))
        && (subscribe.allowed().isEmpty()
            || subscribe.allowed().stream().anyMatch(rule -> rule.of(device).covers(filter)));
  }

  /** The filters about one action. */
  private record Rules(List<Template> allowed, List<Template> denied) {
    static Rules of(List<TopicPermission> all, Action action, int product) {
      return new Rules(
          filters(all, Effect.ALLOW, action, product), filters(all, Effect.DENY, action, product));
    }

    private static List<Template> filters(
        List<TopicPermission> all, Effect effect, Action action, int product) {
      return all.stream()
          .filter(one -> one.effect() == effect)
          .filter(one -> one.action() == action || one.action() == Action.ALL)
          .map(one -> Template.of(one.filter(), product))
          .toList();
    }
  }

  /**
   * A filter, or what becomes one with a device's id: made when it is asked for, so that no device
   * that is connected has rules of its own in memory.
   */
  private record Template(String text, @Nullable TopicFilter fixed) {
    static Template of(String filter, int product) {
      String text = filter.replace(TopicPermission.PRODUCT, Integer.toString(product));
      return new Template(
          text, text.contains(TopicPermission.DEVICE) ? null : new TopicFilter(text));
    }

    TopicFilter of(DeviceId device) {
      return fixed == null
          ? new TopicFilter(text.replace(TopicPermission.DEVICE, device.toString()))
          : fixed;
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PermissionRules rules
        && permissions.equals(rules.permissions)
        && publish.equals(rules.publish)
        && subscribe.equals(rules.subscribe);
  }

  @Override
  public int hashCode() {
    return Objects.hash(permissions, publish, subscribe);
  }

  @Override
  public String toString() {
    return "PermissionRules" + permissions;
  }
}
