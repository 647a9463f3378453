/**
 * The event bus with the contract's one codec. Requests carry a deadline and are answered once;
 * hints may be lost.
 */
@NullMarked
package io.starling.bootstrap.bus;

import org.jspecify.annotations.NullMarked;
