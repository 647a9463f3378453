/** Tests of this room. */
@NullMarked
package io.starling.accounts.seal;

import org.jspecify.annotations.NullMarked;
