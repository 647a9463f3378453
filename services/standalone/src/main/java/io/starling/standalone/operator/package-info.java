/**
 * The operator's command line, {@code scripts/starling}. Owns nothing: it asks the processes of a
 * region and tells them what to do, and shows what it will do before it does it.
 */
@NullMarked
package io.starling.standalone.operator;

import org.jspecify.annotations.NullMarked;
