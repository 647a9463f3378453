/**
 * Everything that crosses the bus: ids, the event and its binary form, sealed families of requests
 * and replies, and the one codec that carries them.
 *
 * <p>The package is flat because a sealed family needs its permitted types beside it. It knows
 * nothing but vertx-core and Jackson. Wire names are explicit strings, unknown fields are ignored
 * (rolling upgrades), and a golden file per record guards the wire.
 */
@NullMarked
package io.starling.contract;

import org.jspecify.annotations.NullMarked;
