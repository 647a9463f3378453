/**
 * What devices did, out of {@code relay.event}. Each relay answers; without a database nothing of
 * it can be told, and who asks is told so within a second.
 */
@NullMarked
package io.starling.relay.history;

import org.jspecify.annotations.NullMarked;
