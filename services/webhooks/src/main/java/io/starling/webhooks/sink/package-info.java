/**
 * Integrations that are no webhooks: events become messages of a broker of the customer's (Kafka,
 * MQTT, AMQP 0-9-1), through the same engine of deliveries.
 *
 * <p>Promises: a delivery is taken once the broker has acknowledged the message (Kafka: by all
 * replicas in step; MQTT: the PUBACK; AMQP: the confirm of a message that some queue took); Kafka
 * and AMQP get the {@code webhook-id} along as a header, AMQP also as the message's id, so that
 * what comes twice can be told. MQTT 3.1.1 has no place for it.
 *
 * <p>Refuses brokers that are not among {@code STARLING_WEBHOOK_BROKERS}: their clients look names
 * up by themselves, and Kafka sends them on to other addresses, so that nothing here could keep
 * them away from what is private. Connections are opened when they are needed, one an integration,
 * and closed when they are not. Belongs to one event loop.
 */
@NullMarked
package io.starling.webhooks.sink;

import org.jspecify.annotations.NullMarked;
