/**
 * How a node that holds subscriptions tells the relays what it wants to see, and keeps telling; how
 * it gets that live without gaps; and how one of its readers that is behind comes up to it.
 */
@NullMarked
package io.starling.bootstrap.interest;

import org.jspecify.annotations.NullMarked;
