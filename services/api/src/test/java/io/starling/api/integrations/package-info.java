/** Tests of this room's rules. */
@NullMarked
package io.starling.api.integrations;

import org.jspecify.annotations.NullMarked;
