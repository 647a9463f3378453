/** Tests of what all routes share. */
@NullMarked
package io.starling.http;

import org.jspecify.annotations.NullMarked;
