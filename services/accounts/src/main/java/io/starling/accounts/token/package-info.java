/** Access tokens, kept by their hash. */
@NullMarked
package io.starling.accounts.token;

import org.jspecify.annotations.NullMarked;
