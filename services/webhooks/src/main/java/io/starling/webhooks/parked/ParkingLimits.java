package io.starling.webhooks.parked;

import java.time.Duration;

/**
 * The limits of parking.
 *
 * @param after how long a delivery waits in the journal before it is parked
 * @param maxAge how old an event becomes before it is given up
 * @param keepDead for how long what was given up is kept
 * @param waitingDead of one integration and shard, what was given up and waits for the database
 */
public record ParkingLimits(Duration after, Duration maxAge, Duration keepDead, int waitingDead) {}
