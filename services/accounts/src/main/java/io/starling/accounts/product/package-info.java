/** Products. */
@NullMarked
package io.starling.accounts.product;

import org.jspecify.annotations.NullMarked;
