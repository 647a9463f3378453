@NullMarked
package io.starling.testing;

import org.jspecify.annotations.NullMarked;
