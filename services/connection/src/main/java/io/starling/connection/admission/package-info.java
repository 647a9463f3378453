/**
 * The pace at which CONNECTs are answered: a token bucket per gateway whose rate follows the lag of
 * its event loop, and a short line of those whose CONNACK waits for a token.
 *
 * <p>Promises: clients that are connected do not suffer from those who come; whoever waits is let
 * in or sent away within {@code STARLING_CONNECT_WAIT}; no credential is looked at before its turn;
 * the line is bounded, in clients and in the bytes each of them may send meanwhile. Refuses, by the
 * protocol's means, what is beyond it. It asks no database and no other node.
 */
@NullMarked
package io.starling.connection.admission;

import org.jspecify.annotations.NullMarked;
