package io.starling.webhooks.sink;

import io.starling.webhooks.request.Broker;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The brokers that integrations may use, as the operator names them. Immutable.
 *
 * @param names hosts, or hosts with a port; {@code *} alone allows any
 */
public record AllowedBrokers(List<String> names) {

  /**
   * Reads {@code host[:port],…}, {@code *} for any, or {@code none}.
   *
   * @throws IllegalArgumentException if it is none of these, saying what to change
   */
  public static AllowedBrokers parse(String text) {
    if (text.equals("none")) {
      return new AllowedBrokers(List.of());
    }
    var names =
        Arrays.stream(text.split(",", -1))
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .toList();
    for (String name : names) {
      if (!name.equals("*") && !name.matches("[a-z0-9._-]+(:\\d{1,5})?")) {
        throw new IllegalArgumentException("must be host[:port],… or * or none");
      }
    }
    return new AllowedBrokers(names);
  }

  /** Why a broker may not be used, in words; empty if it may. */
  public Optional<String> refusal(Broker broker) {
    String refused =
        broker.hosts().stream()
            .filter(host -> !allows(host))
            .map(Broker.Host::toString)
            .collect(Collectors.joining(", "));
    return refused.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "broker " + refused + " is not allowed here: the operator names those that are");
  }

  private boolean allows(Broker.Host host) {
    return names.contains("*") || names.contains(host.name()) || names.contains(host.toString());
  }
}
