package io.starling.connection.command;

/**
 * The topics between a device and the cloud, {@code $cloud/<verb>[/<rest>]}.
 *
 * @param verb the level behind {@code $cloud}
 * @param rest what is behind the verb, empty if nothing is
 */
public record CloudTopic(String verb, String rest) {
  private static final String PREFIX = "$cloud/";

  static final String RETURN = "return";
  static final String VALUE = "value";
  static final String PING = "ping";
  static final String DESCRIBE = "describe";

  /** What a device reports of its own health, by itself or for a request. */
  public static final String VITALS = "vitals";

  /** A device shows a claim code, and is told what came of it. */
  public static final String CLAIM = "claim";

  /** A state that a device and the cloud share. */
  public static final String LEDGER = "ledger";

  /** The environment variables of a device. */
  public static final String ENVIRONMENT = "env";

  /** A device asks what time it is. */
  public static final String TIME = "time";

  /** Reads a topic that starts with {@code $cloud/}. */
  public static CloudTopic of(String topic) {
    int slash = topic.indexOf('/', PREFIX.length());
    return slash < 0
        ? new CloudTopic(topic.substring(PREFIX.length()), "")
        : new CloudTopic(topic.substring(PREFIX.length(), slash), topic.substring(slash + 1));
  }

  static String call(String function, String request) {
    return PREFIX + "call/" + function + "/" + request;
  }

  static String read(String variable, String request) {
    return PREFIX + "read/" + variable + "/" + request;
  }

  static String ping(String request) {
    return PREFIX + PING + "/" + request;
  }

  static String vitals(String request) {
    return PREFIX + VITALS + "/" + request;
  }

  static String returned(String request) {
    return PREFIX + RETURN + "/" + request;
  }

  static String value(String request) {
    return PREFIX + VALUE + "/" + request;
  }

  static String signal() {
    return PREFIX + "signal";
  }

  /** Where a device is told what came of its claim code. */
  public static String claim() {
    return PREFIX + CLAIM;
  }

  /** Where a device gets the time. */
  public static String time() {
    return PREFIX + TIME;
  }
}
