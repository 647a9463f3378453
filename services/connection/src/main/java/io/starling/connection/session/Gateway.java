package io.starling.connection.session;

import io.starling.bootstrap.interest.JournalReader;
import io.starling.connection.command.Claims;
import io.starling.connection.command.CommandMeters;
import io.starling.connection.command.RequestIds;
import io.starling.connection.credential.Credentials;
import io.starling.connection.delivery.DeliveryMeters;
import io.starling.connection.delivery.Subscriptions;
import io.starling.connection.environment.Environments;
import io.starling.connection.ledger.Ledgers;
import io.starling.connection.persistent.Notes;
import io.starling.connection.persistent.StoredSessions;
import io.starling.connection.publish.EventIntake;
import io.starling.connection.retained.RetainedReader;
import io.starling.connection.status.StatusEvents;
import io.starling.contract.DeviceId;
import io.starling.directory.Directory;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What all sessions of one gateway share.
 *
 * @param name of the gateway, part of its bus addresses
 * @param id who is in the ids of the events of its apps, made new at each start
 * @param shards the region's number of shards
 * @param receiveMaximum how many unacknowledged messages an MQTT 5 client may send
 * @param maxKeepAlive what MQTT 5 clients are told if they ask for more
 * @param maxSessionExpiry how long sessions are kept at most
 * @param commitTimeout how long a client waits for an acknowledgement before it is disconnected
 */
public record Gateway(
    String name,
    DeviceId id,
    Vertx vertx,
    InstantSource clock,
    int shards,
    int receiveMaximum,
    Duration maxKeepAlive,
    Duration commitTimeout,
    Directory directory,
    Credentials credentials,
    EventIntake intake,
    Subscriptions subscriptions,
    JournalReader reader,
    RetainedReader retained,
    StoredSessions stored,
    Notes notes,
    Duration maxSessionExpiry,
    StatusEvents statuses,
    RequestIds requestIds,
    Claims claims,
    Ledgers ledgers,
    Environments environments,
    SessionMeters sessionMeters,
    DeliveryMeters deliveryMeters,
    CommandMeters commandMeters) {}
