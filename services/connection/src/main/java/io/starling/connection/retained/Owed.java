package io.starling.connection.retained;

/**
 * Retained messages that a kept session has asked for and not acknowledged: those that match a
 * filter, behind a topic.
 *
 * @param after empty: all of them
 */
public record Owed(String filter, String after) {}
