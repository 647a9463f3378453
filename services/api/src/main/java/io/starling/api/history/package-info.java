/**
 * What was published, out of what is kept: pages of JSON, or the whole range as lines of JSON or
 * CSV.
 *
 * <p>The relays have it from the database, and no page costs them more than a fixed number of rows:
 * a page may have fewer events than it could, even none, and a {@code next} all the same. A whole
 * range is read page by page as its reader takes it. Where the path is also that of a stream (of
 * names that start with {@code history}), the stream is meant by those who accept {@code
 * text/event-stream} or send a {@code nonce}, as Particle's clients do.
 */
@NullMarked
package io.starling.api.history;

import org.jspecify.annotations.NullMarked;
