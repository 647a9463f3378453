/**
 * From {@code starling.change_log} into the directory log, in an order in which nothing is missed.
 */
@NullMarked
package io.starling.accounts.feed;

import org.jspecify.annotations.NullMarked;
