/**
 * Events over HTTP: publishing, and streams of what happens ({@code text/event-stream}).
 *
 * <p>A publish is answered once it is committed, never before. A stream shows what relays send to
 * {@code live.api-<node>-<instance>} from its opening on, in the order of each device. It tells its
 * reader, as the id of the last event, where it stands; one who comes back with that ({@code
 * Last-Event-ID}) gets what happened meanwhile, as long as the journal keeps it. A reader who is
 * too slow, and one whose token ends, loses the stream and not anybody else's. An event without
 * data shows {@code null}; data that are no UTF-8 show as a data URL. A product's stream shows the
 * events of its owner's account that bear the product.
 */
@NullMarked
package io.starling.api.events;

import org.jspecify.annotations.NullMarked;
