package io.starling.connection.mqtt;

import org.jspecify.annotations.Nullable;

/**
 * What an accepted client is told in CONNACK, as far as it differs from client to client.
 *
 * @param assignedClientId null if the client brought its own
 * @param serverKeepAliveSeconds null if the client's own counts
 */
public record Accepted(
    @Nullable String assignedClientId, @Nullable Integer serverKeepAliveSeconds) {}
