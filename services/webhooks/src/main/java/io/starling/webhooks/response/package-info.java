/**
 * What is told of deliveries, as events of the cloud in the account's topic space: {@code
 * hook-sent/NAME} and {@code hook-response/NAME/0…} when one was taken, {@code hook-error/NAME/0}
 * when it was given up or has failed three times. They start no webhooks.
 *
 * <p>They go into the journal, into the shard of the event that started it, the chunks of an answer
 * in order, with the class that the product's rules give to their names; a delivery ends when they
 * are committed. So a crash in between repeats the request, and what is told then has the same
 * event ids (they follow from the webhook-id), though the endpoint may answer something else. What
 * the journal does not take within five seconds is dropped, counted and told in the log: the
 * delivery has ended nevertheless.
 *
 * <p>Of an answer 100 KiB count, in chunks of at most 512 bytes that cut no character where the
 * answer is UTF-8; other bytes are cut anywhere. Topics end with the number of the chunk, whatever
 * their template. A template that makes no name, or a reserved one, makes no event.
 */
@NullMarked
package io.starling.webhooks.response;

import org.jspecify.annotations.NullMarked;
