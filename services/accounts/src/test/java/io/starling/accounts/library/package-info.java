/** Tests of this room. */
@NullMarked
package io.starling.accounts.library;

import org.jspecify.annotations.NullMarked;
