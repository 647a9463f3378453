/** Tests of how often somebody may ask. */
@NullMarked
package io.starling.http.rate;

import org.jspecify.annotations.NullMarked;
