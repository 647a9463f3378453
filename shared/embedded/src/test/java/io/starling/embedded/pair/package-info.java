@NullMarked
package io.starling.embedded.pair;

import org.jspecify.annotations.NullMarked;
