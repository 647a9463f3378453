package io.starling.connection.mqtt;

/** What is spoken at a port, below MQTT. */
record Port(boolean webSocket, boolean tls) {}
