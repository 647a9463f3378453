/**
 * How a node that holds subscriptions tells the relays what it wants to see, and keeps telling; how
 * it gets that live without gaps; how one of its readers that is behind comes up to it; and how it
 * has its part in shared subscriptions, with an answer for each event that it is given.
 */
@NullMarked
package io.starling.bootstrap.interest;

import org.jspecify.annotations.NullMarked;
