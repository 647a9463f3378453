package io.starling.connection.mqtt;

/**
 * One filter of a SUBSCRIBE, not yet checked.
 *
 * @param qos 0 to 2
 * @param noLocal whether the client's own messages are not to come back (MQTT 5)
 */
public record Requested(String filter, int qos, boolean noLocal) {}
