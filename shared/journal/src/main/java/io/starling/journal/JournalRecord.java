package io.starling.journal;

import io.vertx.core.buffer.Buffer;

/**
 * One appended payload and where it stands.
 *
 * @param payload shared with the journal and with other readers: never write to it
 */
public record JournalRecord(Position position, Buffer payload) {}
