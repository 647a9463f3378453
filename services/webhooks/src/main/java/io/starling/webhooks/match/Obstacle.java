package io.starling.webhooks.match;

/** Why an event of an account is not for one of its integrations. */
public enum Obstacle {
  CLOUD,
  NAME,
  PAUSED,
  PRODUCT,
  DEVICE,
  GROUP,
  FILTER,

  /** The configuration cannot be compiled. */
  BROKEN
}
