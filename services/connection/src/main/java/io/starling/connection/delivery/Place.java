package io.starling.connection.delivery;

import io.starling.contract.JournalPosition;

/** The journal record that a message is of. */
public record Place(int shard, JournalPosition position) {}
