/**
 * Ledgers between a device and the cloud, below {@code $cloud/ledger/<name>/}.
 *
 * <p><em>Downstream</em>, what the device is to be. A device that connects publishes {@code
 * $cloud/ledger/<name>/get} with {@code {"version": N}}, the version that it has, or with nothing;
 * the answer comes on {@code $cloud/ledger/<name>/set}: {@code {"version": V, "data": {…}}}, or
 * {@code {"version": N}} alone if that is the newest. From then on, until its connection ends, it
 * is told every newer state at once, on the same topic and at QoS 1, ahead of events. Only the
 * newest counts: of several changes that a device was not there for, or too slow for, it gets the
 * last. An instance that was never written has version 0 and no fields, one that was deleted a
 * version and no fields. A version other than the device's, not a higher one, is what makes a state
 * new: a device that has come to another account has a state of there.
 *
 * <p><em>Upstream</em>, what the device is: it publishes all of it, a JSON object, to {@code
 * $cloud/ledger/<name>/report} at QoS 1. PUBACK is the answer, given once the journal has it, with
 * the database down as well. It is an event of the account, {@code particle/ledger/<name>}, so that
 * streams and webhooks see it.
 *
 * <p>What cannot be done is answered on {@code $cloud/ledger/<name>/refused} with {@code {"error":
 * …}}: {@code unknown} (no such ledger, or one of the other direction), {@code not_an_object},
 * {@code too_large}, {@code too_many}. A refused report also has a reason code in MQTT 5.
 * Everything here is from the directory: no database and no other service is asked.
 */
@NullMarked
package io.starling.connection.ledger;

import org.jspecify.annotations.NullMarked;
