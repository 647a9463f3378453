/**
 * Load as cheap as it can be: many MQTT 3.1.1 connections over bare sockets that write pre-encoded
 * frames and count PUBACKs.
 *
 * <p>Two ways to send: a closed loop with a bounded window per connection (how much does the server
 * take?), and an open loop at a fixed rate whose latencies count from the moment a message was due
 * (how fast does it answer?).
 */
@NullMarked
package io.starling.testing.load;

import org.jspecify.annotations.NullMarked;
