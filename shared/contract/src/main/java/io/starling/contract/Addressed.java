package io.starling.contract;

/** A message that knows its bus address. */
public interface Addressed {
  /** The address on the event bus, such as {@code gateway.node-1-0}. */
  String address();
}
