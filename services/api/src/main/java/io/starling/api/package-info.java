/**
 * The REST and SSE edge, port 8080: parses, authenticates, asks the other services over the bus,
 * and answers as Particle's cloud does, so that its clients work unmodified.
 *
 * <p>Owns: the bus address {@code live.api-<node>-<instance>}; no tables, nothing on disk.
 * Promises: reads come from the Directory and the soft maps, so they and device traffic work with
 * every database down; configuration writes then answer 503 with {@code Retry-After} within a
 * second; a publish is answered once it is committed; calls are never sent twice; what belongs to
 * another account looks like what does not exist. Refuses: bodies, heads, streams and requests
 * under way beyond their limits, and whoever asks too often ({@link io.starling.api.RatesConfig};
 * rates are counted per process, wrong passwords over the region, see {@code
 * io.starling.http.rate}).
 */
@NullMarked
package io.starling.api;

import org.jspecify.annotations.NullMarked;
