/** Tests of this room's rules. */
@NullMarked
package io.starling.api.oauth;

import org.jspecify.annotations.NullMarked;
