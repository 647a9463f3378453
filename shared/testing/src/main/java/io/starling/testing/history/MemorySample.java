package io.starling.testing.history;

/**
 * How much memory a process had at a moment.
 *
 * @param bytes resident
 * @param boundBytes what it may have
 */
public record MemorySample(String process, long atNanos, long bytes, long boundBytes) {}
