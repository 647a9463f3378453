package io.starling.connection.mqtt;

import org.jspecify.annotations.Nullable;

/**
 * What an accepted client is told in CONNACK, as far as it differs from client to client.
 *
 * @param sessionPresent whether there was a session to go on with
 * @param sessionExpirySeconds how long the session is kept after the connection, null if for as
 *     long as the client asked
 * @param assignedClientId null if the client brought its own
 * @param serverKeepAliveSeconds null if the client's own counts
 */
public record Accepted(
    boolean sessionPresent,
    @Nullable Long sessionExpirySeconds,
    @Nullable String assignedClientId,
    @Nullable Integer serverKeepAliveSeconds) {}
