/**
 * The tools that look at Starling from outside: virtual devices, fleets, fault proxies, child
 * processes, sinks, the benchmark, a region to play with and the chaos that is done to it. Rooms,
 * from the bottom: {@code wire}, {@code client}, {@code fleet}, {@code process}, {@code fault},
 * {@code sink}, {@code account}, {@code load}, {@code server}, {@code device} and {@code bench}
 * (two commands), {@code history} and {@code check} (the judgement of a run), {@code region},
 * {@code workload} and {@code chaos}.
 *
 * <p>Owns no state of the server and imports no other module of Starling but {@code embedded}, the
 * PostgreSQL that a region needs: what is proved here is proved over the wire.
 */
@NullMarked
package io.starling.testing;

import org.jspecify.annotations.NullMarked;
