package io.starling.journal;

/**
 * A replica of all logs.
 *
 * @param diskId see {@link Journal#diskId(java.nio.file.Path)}; a new disk is a new peer
 * @param host a stable name: addresses are stored in the log
 */
public record JournalPeer(String diskId, String host, int port) {}
