package io.starling.testing.history;

/** A device was asked to run the function, with this call's number as the argument. */
public record Execution(int call, int device) {}
