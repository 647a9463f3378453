/** Tests of this room. */
@NullMarked
package io.starling.api.libraries;

import org.jspecify.annotations.NullMarked;
