/**
 * The tools that look at Starling from outside: virtual devices, fleets, fault proxies, child
 * processes, sinks and the benchmark. Rooms, from the bottom: {@code wire}, {@code client}, {@code
 * fleet}, {@code process}, {@code fault}, {@code sink}, {@code account}, {@code load}, {@code
 * server}, {@code device} and {@code bench} (the two commands).
 *
 * <p>Owns no state of the server and imports no other module of Starling: what is proved here is
 * proved over the wire.
 */
@NullMarked
package io.starling.testing;

import org.jspecify.annotations.NullMarked;
