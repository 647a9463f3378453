package io.starling.connection.wire;

/** What the bytes of one packet turned out to be. */
public sealed interface Decoded permits Packet, Malformed {}
