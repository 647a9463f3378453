/**
 * Conversations with a gateway that no sane client has: packets of every kind in any order, right
 * and damaged, cut anywhere, by several connections under the same few client ids. Owns no
 * judgement about single answers; it looks for connections that hang, and leaves leaks, errors in
 * the log and crashes to who started the server. All of it follows from one seed but for what the
 * server's answers and the network make of it.
 */
@NullMarked
package io.starling.testing.fuzz;

import org.jspecify.annotations.NullMarked;
