package io.starling.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import io.starling.contract.TopicFilter;
import io.starling.contract.TopicPermission;
import io.starling.contract.TopicPermission.Action;
import io.starling.contract.TopicPermission.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class PermissionRulesTest {
  private static final DeviceId DEVICE = DeviceId.of("0123456789abcdef01234567");
  private static final DeviceId OTHER = DeviceId.of("fedcba987654321001234567");
  private static final int PRODUCT = 77;

  private static TopicPermission allow(Action action, String filter) {
    return new TopicPermission(Effect.ALLOW, action, filter);
  }

  private static TopicPermission deny(Action action, String filter) {
    return new TopicPermission(Effect.DENY, action, filter);
  }

  private static PermissionRules rules(TopicPermission... permissions) {
    return PermissionRules.of(List.of(permissions), PRODUCT);
  }

  private static boolean subscribes(PermissionRules rules, String filter) {
    return rules.maySubscribe(new TopicFilter(filter), DEVICE);
  }

  @Test
  void withoutRulesEverythingIsAllowed() {
    assertThat(rules().mayPublish("a", DEVICE)).isTrue();
    assertThat(subscribes(rules(), "#")).isTrue();
  }

  @Test
  void whereNoRuleAllowsTheRestIsAllowed() {
    var rules = rules(deny(Action.ALL, "secret/#"));
    assertThat(rules.mayPublish("secret", DEVICE)).isFalse();
    assertThat(rules.mayPublish("secret/a", DEVICE)).isFalse();
    assertThat(rules.mayPublish("open", DEVICE)).isTrue();
    assertThat(subscribes(rules, "open/#")).isTrue();
    assertThat(subscribes(rules, "#")).isFalse();
    assertThat(subscribes(rules, "+/a")).isFalse();
  }

  @Test
  void whereOneAllowsOnlyThatIsAllowedAndOnlyForItsAction() {
    var rules = rules(allow(Action.PUBLISH, "up/#"), allow(Action.PUBLISH, "log"));
    assertThat(rules.mayPublish("up/x", DEVICE)).isTrue();
    assertThat(rules.mayPublish("log", DEVICE)).isTrue();
    assertThat(rules.mayPublish("down/x", DEVICE)).isFalse();
    assertThat(subscribes(rules, "#")).isTrue();
  }

  @Test
  void aRuleThatDeniesWins() {
    var rules = rules(allow(Action.ALL, "a/#"), deny(Action.ALL, "a/b"));
    assertThat(rules.mayPublish("a/c", DEVICE)).isTrue();
    assertThat(rules.mayPublish("a/b", DEVICE)).isFalse();
    assertThat(subscribes(rules, "a/c/#")).isTrue();
    assertThat(subscribes(rules, "a/+")).isFalse();
  }

  @Test
  void placeholdersStandForTheDeviceAndItsProduct() {
    var rules = rules(allow(Action.ALL, "p%product%/%device%/#"), allow(Action.ALL, "x-%device%"));
    assertThat(rules.mayPublish("p77/" + DEVICE + "/t", DEVICE)).isTrue();
    assertThat(rules.mayPublish("p77/" + DEVICE + "/t", OTHER)).isFalse();
    assertThat(rules.mayPublish("p78/" + DEVICE + "/t", DEVICE)).isFalse();
    assertThat(rules.mayPublish("x-" + DEVICE, DEVICE)).isTrue();
    assertThat(subscribes(rules, "p77/" + DEVICE + "/+")).isTrue();
    assertThat(subscribes(rules, "p77/" + OTHER + "/+")).isFalse();
    assertThat(subscribes(rules, "p77/+/t")).isFalse();
  }

  @Test
  void survivesTheWayThroughARow() {
    var rules = rules(allow(Action.PUBLISH, "a/%device%"), deny(Action.SUBSCRIBE, "b/#"));
    var row = PermissionRules.encode(rules.permissions());
    assertThat(row.encode())
        .isEqualTo(
            "[{\"effect\":\"allow\",\"action\":\"publish\",\"filter\":\"a/%device%\"},"
                + "{\"effect\":\"deny\",\"action\":\"subscribe\",\"filter\":\"b/#\"}]");
    assertThat(PermissionRules.ofRow(row, PRODUCT)).isEqualTo(rules);
    assertThat(PermissionRules.ofRow(null, PRODUCT).permissions()).isEmpty();
  }

  /** Against what the rules mean, name by name; replay with the seed that a failure tells. */
  @Test
  void decidesAsTheNamesThatARuleMatchesSay() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      var permissions = new ArrayList<TopicPermission>();
      for (int i = random.nextInt(5); i > 0; i--) {
        permissions.add(
            new TopicPermission(
                one(random, List.of(Effect.values())),
                one(random, List.of(Action.values())),
                filter(random)));
      }
      var rules = PermissionRules.of(permissions, PRODUCT);
      String told = "seed " + seed + ", round " + round + ", " + permissions;
      for (String name : NAMES) {
        assertThat(rules.mayPublish(name, DEVICE))
            .as("%s: publish %s", told, name)
            .isEqualTo(mayPublish(permissions, name));
      }
      for (int i = 0; i < 20; i++) {
        var filter =
            new TopicFilter(filter(random).replace(TopicPermission.DEVICE, DEVICE.toString()));
        assertThat(rules.maySubscribe(filter, DEVICE))
            .as("%s: subscribe %s", told, filter)
            .isEqualTo(maySubscribe(permissions, filter));
      }
    }
  }

  private static final List<String> LEVELS = List.of("a", "b", DEVICE.toString(), "other");
  private static final List<String> NAMES = names();

  private static List<String> names() {
    var all = new ArrayList<String>(LEVELS);
    var last = LEVELS;
    for (int i = 1; i < 4; i++) {
      last = last.stream().flatMap(up -> LEVELS.stream().map(level -> up + "/" + level)).toList();
      all.addAll(last);
    }
    return all;
  }

  private static <T> T one(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** None names the level "other", so no finite set of them stands for a wildcard. */
  private static String filter(Random random) {
    var levels = new ArrayList<String>();
    var choice = List.of("a", "b", "+", TopicPermission.DEVICE);
    for (int i = random.nextInt(3); i >= 0; i--) {
      levels.add(one(random, choice));
    }
    if (random.nextInt(3) == 0) {
      levels.add("#");
    }
    return String.join("/", levels);
  }

  private static Predicate<TopicPermission> about(Effect effect, Action action) {
    return one -> one.effect() == effect && (one.action() == action || one.action() == Action.ALL);
  }

  private static boolean matches(TopicPermission rule, String name) {
    return new TopicFilter(rule.filter().replace(TopicPermission.DEVICE, DEVICE.toString()))
        .matches(name);
  }

  private static boolean mayPublish(List<TopicPermission> all, String name) {
    var allow = all.stream().filter(about(Effect.ALLOW, Action.PUBLISH)).toList();
    return all.stream()
            .filter(about(Effect.DENY, Action.PUBLISH))
            .noneMatch(rule -> matches(rule, name))
        && (allow.isEmpty() || allow.stream().anyMatch(rule -> matches(rule, name)));
  }

  private static boolean maySubscribe(List<TopicPermission> all, TopicFilter filter) {
    var wanted = NAMES.stream().filter(filter::matches).toList();
    var allow = all.stream().filter(about(Effect.ALLOW, Action.SUBSCRIBE)).toList();
    return all.stream()
            .filter(about(Effect.DENY, Action.SUBSCRIBE))
            .noneMatch(rule -> wanted.stream().anyMatch(name -> matches(rule, name)))
        && (allow.isEmpty()
            || allow.stream()
                .anyMatch(rule -> wanted.stream().allMatch(name -> matches(rule, name))));
  }
}
