package io.starling.connection.trace;

import io.starling.contract.DeviceId;
import io.starling.contract.TopicFilter;

/** Whom or what a trace is about. */
sealed interface Subject {

  boolean matches(Sighting seen);

  /** As it is told at the beginning. */
  String text();

  /** A client: a device by its id, an app by its client id, with its account or without. */
  record OfClient(String id) implements Subject {
    public OfClient {
      id = DeviceId.isValid(id) ? DeviceId.of(id).toString() : id;
    }

    @Override
    public boolean matches(Sighting seen) {
      String client = seen.client();
      int own = client.indexOf('/') + 1;
      return client.equals(id)
          || (own > 0
              && client.length() - own == id.length()
              && client.regionMatches(own, id, 0, id.length()));
    }

    @Override
    public String text() {
      return "device " + id;
    }
  }

  /** The messages of some topics, from whomever and to whomever. */
  record OfTopic(TopicFilter filter) implements Subject {
    @Override
    public boolean matches(Sighting seen) {
      return seen.topic() != null && filter.matches(seen.topic());
    }

    @Override
    public String text() {
      return "topic " + filter.text();
    }
  }
}
