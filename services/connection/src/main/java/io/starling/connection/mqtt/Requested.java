package io.starling.connection.mqtt;

/**
 * One filter of a SUBSCRIBE, not yet checked, with its options (MQTT 5, section 3.8.3.1). In MQTT
 * 3.1.1 there is only the QoS.
 *
 * @param qos the highest at which messages are to come, 0 to 2
 * @param noLocal whether the client's own messages are not to come back
 * @param retainAsPublished whether messages are to say how they were published
 * @param retainHandling when retained messages are to come: 0 always, 1 if the subscription is new,
 *     2 never
 * @param identifier to stand in the messages, 0 for none
 */
public record Requested(
    String filter,
    int qos,
    boolean noLocal,
    boolean retainAsPublished,
    int retainHandling,
    int identifier) {}
