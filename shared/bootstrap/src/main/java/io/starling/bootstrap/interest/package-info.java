/** How a node that holds subscriptions tells the relays what it wants to see, and keeps telling. */
@NullMarked
package io.starling.bootstrap.interest;

import org.jspecify.annotations.NullMarked;
