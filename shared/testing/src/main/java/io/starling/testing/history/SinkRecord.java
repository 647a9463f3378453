package io.starling.testing.history;

import java.util.List;

/**
 * Everything that one sink received.
 *
 * @param ordered whether it shows the events of a device in their order; a webhook does not, since
 *     deliveries overlap and are tried again
 * @param observations in the order of arrival
 * @param strangers what it received and nobody can have sent: no payload of this run, or under the
 *     name of another device
 */
public record SinkRecord(
    String name,
    Demand demand,
    boolean ordered,
    List<Observation> observations,
    List<String> strangers) {
  public SinkRecord {
    observations = List.copyOf(observations);
    strangers = List.copyOf(strangers);
  }
}
