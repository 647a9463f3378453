/**
 * Environment variables of a device, below {@code $cloud/env/}.
 *
 * <p>A device that connects publishes {@code $cloud/env/get} with {@code {"version": "V"}}, the
 * version that it has, or with nothing; the answer comes on {@code $cloud/env/set}: {@code
 * {"version": "W", "env": {"KEY": "value", …}}}, all that was rolled out for it together, or {@code
 * {"version": "V"}} alone if that is what it has. From then on, until its connection ends, it is
 * told every further rollout at once, on the same topic and at QoS 1, but those that are for when
 * it connects next. A version is a text that tells nothing but whether it is another one.
 *
 * <p>What it works with it may report: {@code $cloud/env/report} with {@code {"KEY": "value", …}}
 * at QoS 1. It is an event of the account, {@code particle/env}, acknowledged by the journal, and
 * what the API shows as {@code on_device}. A report that is no JSON object of texts, or too large,
 * is answered on {@code $cloud/env/refused} with {@code {"error": …}}, and by a reason code in MQTT
 * 5.
 *
 * <p>All that is told is from the directory: no database and no other service is asked.
 */
@NullMarked
package io.starling.connection.environment;

import org.jspecify.annotations.NullMarked;
