package io.starling.journal;

import java.util.List;

/**
 * Committed records in order.
 *
 * @param next where to read on; the position that was asked for if there was nothing
 */
public record ReadResult(List<JournalRecord> records, Position next) {}
