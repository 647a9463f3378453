package io.starling.webhooks.match;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.starling.contract.Origin;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.webhooks.filter.EventData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the integrations of events. An integration whose configuration cannot be compiled (one that
 * a newer version let in) matches nothing, and is told once. Not thread-safe.
 */
public final class Matcher {
  private static final Logger LOG = LoggerFactory.getLogger(Matcher.class);

  private final Directory directory;
  private final Map<IntegrationId, Compiled> compiled = new HashMap<>();

  /**
   * A version that was compiled.
   *
   * @param hook null if it could not be
   */
  private record Compiled(Entry.Integration version, @Nullable Hook hook) {}

  /** A matcher over this node's directory. */
  public Matcher(Directory directory) {
    this.directory = directory;
  }

  /** Tells, before anything is made of an event, whether its account has integrations at all. */
  public boolean hasAny(AccountId account) {
    return !directory.integrationsOf(account).isEmpty();
  }

  /** The integrations that an event is for, paused ones among them. */
  public List<Hook> match(Event event) {
    if (event.origin() == Origin.CLOUD) {
      return List.of();
    }
    var hooks = new ArrayList<Hook>();
    var data = new EventData(event.data());
    for (var integration : directory.integrationsOf(event.account())) {
      if (event.name().startsWith(integration.event())) {
        var hook = compile(integration);
        if (hook != null && hook.obstacle(event, data, this::groups) == null) {
          hooks.add(hook);
        }
      }
    }
    return hooks;
  }

  /** Tells whether an event is for one hook. */
  public boolean isFor(Hook hook, Event event) {
    return hook.obstacle(event, new EventData(event.data()), this::groups) == null;
  }

  /**
   * An event and one integration of its account.
   *
   * @param obstacle null if the event is for it
   * @param reason the obstacle in words
   */
  public record Verdict(
      Entry.Integration integration, @Nullable Obstacle obstacle, String reason) {}

  /** What becomes of an event with each integration of its account, as they are now. */
  public List<Verdict> explain(Event event) {
    var data = new EventData(event.data());
    return directory.integrationsOf(event.account()).stream()
        .sorted(Comparator.comparing(Entry.Integration::id))
        .map(integration -> explain(integration, event, data))
        .toList();
  }

  private Verdict explain(Entry.Integration integration, Event event, EventData data) {
    var hook = compile(integration);
    if (hook == null) {
      return new Verdict(integration, Obstacle.BROKEN, "its configuration cannot be used");
    }
    var obstacle = hook.obstacle(event, data, this::groups);
    String reason = obstacle == null ? "" : hook.words(obstacle, event, data);
    return new Verdict(integration, obstacle, reason);
  }

  private List<String> groups(DeviceId device, int product) {
    return directory
        .device(device)
        .filter(known -> known.product() == product)
        .map(directory::groupsOf)
        .orElse(List.of());
  }

  /** Finds an integration as it is now, also if it is paused; empty if it was deleted. */
  public Optional<Hook> find(AccountId account, IntegrationId id) {
    return directory.integration(account, id).map(this::compile);
  }

  /** Finds an integration, whoever's it is by now. */
  public Optional<Hook> find(IntegrationId id) {
    return directory.integration(id).map(this::compile);
  }

  /** Forgets what belongs to integrations that are gone. To be called now and then. */
  public void sweep() {
    compiled
        .values()
        .removeIf(
            known -> directory.integration(known.version.account(), known.version.id()).isEmpty());
  }

  // The directory makes a new entry for each change: the same object is the same version.
  @SuppressWarnings("ReferenceEquality")
  private @Nullable Hook compile(Entry.Integration integration) {
    var known = compiled.get(integration.id());
    if (known == null || known.version != integration) {
      known = new Compiled(integration, hookOf(integration));
      compiled.put(integration.id(), known);
    }
    return known.hook;
  }

  private static @Nullable Hook hookOf(Entry.Integration integration) {
    try {
      return Hook.of(integration);
    } catch (IllegalArgumentException e) {
      LOG.warn("Integration {} cannot be used: {}", integration.id(), e.getMessage());
      return null;
    }
  }
}
