/**
 * The log of what was sent to endpoints, for those who ask why nothing came.
 *
 * <p>Owns the tables {@code webhooks.attempt}, in daily partitions that are dropped once they were
 * kept long enough, and {@code webhooks.attempt_hour}; answers {@code AttemptsRequest} at {@code
 * attempts}. Keeps of a request whom it went to and how, and never its headers or its body; of the
 * answer the first 4 KiB, in which secrets of the request's headers are blotted out.
 *
 * <p>Promises: it never delays a delivery, and never loses one. Rows are written in the background,
 * some hundred at a time; while the database cannot be reached the newest are held up to a bound,
 * and the others are counted as dropped: in {@code starling_webhooks_log_dropped_total}, and in the
 * figures of {@code /health}. What was dropped is missing in the hours, too. A crash loses what was
 * not written yet, which is what happened within the last second or so.
 */
@NullMarked
package io.starling.webhooks.attempt;

import org.jspecify.annotations.NullMarked;
