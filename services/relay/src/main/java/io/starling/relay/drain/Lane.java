package io.starling.relay.drain;

import io.starling.contract.EventClass;

/**
 * What has a cursor of its own in the database.
 *
 * @param journal tells the shard's journal from any other there ever was
 */
record Lane(String journal, int shard, EventClass eventClass) {}
