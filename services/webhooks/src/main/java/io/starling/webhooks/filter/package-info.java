/**
 * Conditions on the data of an event, as the property {@code filter} of an integration has them.
 *
 * <p>A filter is a JSON object, all of whose members have to hold. A member is a path into the data
 * ({@code "a.b.0.c"}, digits count in lists) with what is wanted of it: a value that it equals, an
 * object of operators, or an object of more paths below it. Operators: {@code $eq $ne $gt $gte $lt
 * $lte} (numbers with numbers, texts with texts by code points), {@code $in $nin} (lists), {@code
 * $exists}, {@code $startsWith $endsWith} (texts), {@code $contains} (a part of a text, or a member
 * of a list), {@code $not}. {@code $and} and {@code $or} take lists of filters, {@code $not} takes
 * one. {@code $ne}, {@code $nin} and {@code $not} hold of what is missing; all other operators but
 * {@code "$exists":false} do not. {@code null} is a value like others.
 *
 * <p>{@code "$data"} stands for the data as a whole: as the JSON value that they are, or else as a
 * text. Data that are no JSON object match no filter that names paths only; beside {@code $data},
 * what a path asks of them does not hold.
 *
 * <p>Promises: compiled once, bounded in depth and size, no regular expressions, so that one filter
 * costs no more than a walk over it. What is not well-formed is an {@code IllegalArgumentException}
 * that says what to change. Pure.
 */
@NullMarked
package io.starling.webhooks.filter;

import org.jspecify.annotations.NullMarked;
