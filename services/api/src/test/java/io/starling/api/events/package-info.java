/** Tests of this room's rules. */
@NullMarked
package io.starling.api.events;

import org.jspecify.annotations.NullMarked;
