package io.starling.connection.mqtt;

/** The answer to one filter of a SUBSCRIBE (MQTT 5, section 3.9.3); failures are 0x80 in 3.1.1. */
public enum Granted {
  QOS_0,
  QOS_1,
  NOT_AUTHORIZED,
  FILTER_INVALID,
  QUOTA_EXCEEDED,
  SHARED_NOT_SUPPORTED
}
