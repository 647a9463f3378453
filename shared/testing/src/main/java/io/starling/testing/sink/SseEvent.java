package io.starling.testing.sink;

/**
 * One event of an event stream.
 *
 * @param id the last event id at this point; empty when the stream has set none
 * @param name {@code message} when the stream names none
 * @param nanos {@link System#nanoTime} when it was complete
 */
public record SseEvent(String id, String name, String data, long nanos) {}
